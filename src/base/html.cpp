#include "base/html.h"

#include <span>
#include <string>
#include <string_view>

#include "base/base64.h"
#include "base/digest.h"
#include "base/shown.h"

namespace tenon {
namespace {

constexpr std::string_view common_style =
    ":root{color-scheme:light dark;--ink:#1b1f24;--soft:#57606a;--paper:#fff;--panel:#f3f5f7;"
    "--line:#c8ced4;--accent:#0b5cad;--bad:#b3261e;--good:#1f6f2b}\n"
    "@media(prefers-color-scheme:dark){:root{--ink:#e8e8e8;--soft:#a8b0b8;--paper:#161616;"
    "--panel:#22262b;--line:#4a525a;--accent:#7db8f5;--bad:#ff8a80;--good:#86cf8b}}\n"
    "*{box-sizing:border-box}\n"
    "body{font:15px/1.5 system-ui,sans-serif;margin:1.5em auto;max-width:80em;padding:0 1em;"
    "color:var(--ink);background:var(--paper)}\n"
    "h1{font-size:1.4em;overflow-wrap:anywhere}\nh2{font-size:1.15em;margin:1.6em 0 .5em}\n"
    "p,li{overflow-wrap:anywhere}\na{color:var(--accent)}\n"
    "code,pre{font-family:ui-monospace,monospace;font-size:13px}\n"
    ".bad{color:var(--bad)}\n.good{color:var(--good)}\n.soft{color:var(--soft)}\n"
    ".wide{overflow-x:auto;margin:0}\n"
    ".quiet{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}\n"
    ":focus-visible{outline:3px solid var(--accent);outline-offset:1px}\n";

// As a policy has it: the digest of exactly the text between the tags.
std::string script_source(std::string_view script) {
  if (script.empty()) return {};
  const Sha256 digest = sha256(std::as_bytes(std::span(script)));
  return "; script-src 'sha256-" + to_base64(digest) + "'";
}

}  // namespace

std::string html_text(std::string_view value) {
  const Shown shown = Shown::of(value);
  std::string out;
  for (const char c : shown.text()) {
    switch (c) {
      case '&': out += "&amp;"; break;
      case '<': out += "&lt;"; break;
      case '>': out += "&gt;"; break;
      case '"': out += "&quot;"; break;
      case '\'': out += "&#39;"; break;
      default: out += c;
    }
  }
  return out;
}

std::string html_page(const HtmlPage& page) {
  std::string out(html_start);
  out +=
      "<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
      "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src "
      "'unsafe-inline'";
  out += script_source(page.script);
  out += "\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>";
  out += html_text(page.title);
  out += "</title>\n<style>\n";
  out += common_style;
  out += page.style;
  out += "</style>\n</head>\n<body>\n";
  out += page.body;
  if (!page.script.empty()) {
    out += "<script>";
    out += page.script;
    out += "</script>\n";
  }
  return out + "</body>\n</html>\n";
}

std::string html_data(std::string_view id, std::string_view json) {
  std::string out = "<script type=\"application/json\" id=\"" + html_text(id) + "\">";
  for (const char c : json) {
    switch (c) {
      case '<': out += "\\u003c"; break;  // only strings of JSON have these characters
      case '>': out += "\\u003e"; break;
      case '&': out += "\\u0026"; break;
      default: out += c;
    }
  }
  return out + "</script>\n";
}

}  // namespace tenon
