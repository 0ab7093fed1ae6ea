#include "inspect/page/page.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/bytes.h"
#include "base/fact.h"
#include "base/html.h"
#include "base/result.h"
#include "inspect/artifact.h"
#include "inspect/diff.h"
#include "inspect/inspect.h"
#include "inspect/page/size_tree.h"
#include "inspect/page/treemap.h"
#include "inspect/show.h"
#include "inspect/size.h"

namespace tenon {
namespace {

constexpr std::size_t most_cards = 100;  // slices that have cards
constexpr std::size_t most_needed = 200;

constexpr std::string_view card_style =
    ".cards{display:grid;gap:1em;grid-template-columns:repeat(auto-fit,minmax(min(20em,100%),1fr))}"
    "\n.card{border:1px solid var(--line);border-radius:6px;padding:.6em 1em;min-width:0}\n"
    "summary{cursor:pointer;margin:.4em 0;overflow-wrap:anywhere}\n.card h3{font-size:1em;margin:0 "
    "0 .4em}\n"
    "dl{display:grid;grid-template-columns:minmax(6em,auto) 1fr;gap:.1em .8em;margin:0}\n"
    "dt{color:var(--soft)}\ndd{margin:0;overflow-wrap:anywhere;min-width:0}\n"
    ".card ul{margin:0;padding-left:1.2em}\n"
    ".graph{font:12px ui-monospace,monospace}\n.graph path{fill:none;stroke:var(--soft)}\n"
    ".graph rect{fill:var(--panel);stroke:var(--line)}\n"
    ".graph .given{stroke:var(--accent);stroke-width:2}\n.graph text{fill:var(--ink)}\n"
    "#differences{border-collapse:collapse}\n#differences th,#differences td{text-align:left;"
    "vertical-align:top;padding:.15em 1em .15em 0;overflow-wrap:anywhere}\n";

class Cards {
 public:
  void title(std::string_view text) {
    close();
    out_ += "<div class=\"card\"><h3>" + html_text(text) + "</h3><dl>";
    open_ = true;
  }

  void row(std::string_view name, std::string_view value) {
    if (value.empty()) return;
    out_ += "<dt>" + html_text(name) + "</dt><dd>" + html_text(value) + "</dd>";
  }

  // What is not known says why.
  void row(std::string_view name, const TextFact& fact) {
    if (fact.known()) {
      row(name, std::string_view(fact.value));
    } else if (fact.state == FactState::unknown && !fact.why.empty()) {
      out_ += "<dt>" + html_text(name) + "</dt><dd class=\"soft\">unknown: " + html_text(fact.why) +
              "</dd>";
    }
  }

  void list(std::string_view name, const std::vector<std::string>& values) {
    if (values.empty()) return;
    out_ += "<dt>" + html_text(name) + "</dt><dd><ul>";
    for (std::size_t i = 0; i < std::min(values.size(), most_needed); ++i) {
      out_ += "<li>" + html_text(values[i]) + "</li>";
    }
    if (values.size() > most_needed) {
      out_ += fmt::format("<li>and {} more</li>", values.size() - most_needed);
    }
    out_ += "</ul></dd>";
  }

  [[nodiscard]] std::string take() {
    close();
    return "<div class=\"cards\">\n" + std::move(out_) + "</div>\n";
  }

 private:
  void close() {
    if (open_) out_ += "</dl></div>\n";
    open_ = false;
  }

  std::string out_;
  bool open_ = false;
};

std::string needed_text(const NeededLibrary& library) {
  std::string out = library.name;
  if (library.weak) out += " (weak)";
  if (library.reexport) out += " (re-exported)";
  if (!library.versions.empty()) {
    out += ": ";
    for (const std::string& version : library.versions) out += version + " ";
    out.pop_back();
  }
  return out;
}

void system_card(const Artifact& slice, Cards& cards) {
  cards.title("File");
  cards.row("format", slice.format);
  cards.row("type", slice.type);
  cards.row("architecture", slice.arch);
  cards.row("platform", slice.platform);
  const bool macos = slice.platform.known() && slice.platform.value == "macOS";
  cards.row(macos ? "oldest macOS" : "oldest system", slice.minos);
  cards.row("SDK", slice.sdk);
  cards.row("oldest glibc", slice.glibc_floor);
  cards.row("C library", slice.libc);
  cards.row("linkage", slice.linkage);
  cards.row("linker", slice.linker);
  cards.row("UUID or build id", slice.uuid);
  cards.row("debug information", slice.dwarf);
  for (const HardeningFact& one : slice.hardening) cards.row(one.name, one.value);
}

void needs_card(const Artifact& slice, Cards& cards) {
  cards.title("Needs");
  cards.row("loader", slice.interpreter);
  std::vector<std::string> names;
  for (const NeededLibrary& library : slice.needed) names.push_back(needed_text(library));
  cards.list("libraries", names);
  std::vector<std::string> paths;
  for (const RunPath& path : slice.rpaths) paths.push_back(path.kind + " " + path.path);
  cards.list("run paths", paths);
  if (names.empty()) cards.row("libraries", "none");
}

void signature_card(const SignatureFact& signature, Cards& cards) {
  if (signature.kind == SignatureKind::unsupported) return;
  cards.title("Signature");
  cards.row("kind", signature_kind_name(signature.kind));
  cards.row("problem", signature.problem);
  cards.row("identifier", signature.identifier);
  cards.row("team", signature.team);
  cards.row("cdhash", signature.cdhash);
  cards.list("flags", signature.flags);
  cards.row("entitlements", signature.entitlements ? "yes" : "");
  cards.row("pages", "not compared here: tenon verify");
}

void go_card(const GoArtifact& go, const TextFact& link_mode, Cards& cards) {
  cards.title("Go");
  cards.row("version", go.version);
  cards.row("package", go.path);
  if (go.module) cards.row("module", go.module->path + " " + go.module->version);
  cards.row("link", link_mode);
  if (go.cgo_used.known()) cards.row("C is used", go.cgo_used.value ? "yes" : "no");
  cards.list("packages with C", go.cgo_packages);
  for (const auto& [name, value] : go.settings) cards.row(name, value);
}

std::string cards_of(const Artifact& slice) {
  Cards cards;
  system_card(slice, cards);
  needs_card(slice, cards);
  signature_card(slice.signature, cards);
  if (slice.go) go_card(*slice.go, slice.link_mode, cards);
  return cards.take();
}

// Of many files the cards are folded.
std::string facts_of(const std::vector<PageFile>& files) {
  std::string out = "<h2>Facts</h2>\n";
  std::size_t slices = 0;
  for (const PageFile& file : files) slices += file.report.slices.size();
  const std::string_view open = slices <= 2 ? " open" : "";
  std::size_t shown = 0;
  for (const PageFile& file : files) {
    for (const Artifact& slice : file.report.slices) {
      if (++shown > most_cards) continue;
      const std::string arch = slice.arch.empty() ? "" : " (" + html_text(slice.arch) + ")";
      out += fmt::format("<details{}><summary>{}{}</summary>\n{}</details>\n", open,
                         html_text(file.path), arch, cards_of(slice));
    }
  }
  if (shown > most_cards) {
    out += fmt::format("<p>{} more slices have no cards here.</p>\n", shown - most_cards);
  }
  return shown == 0 ? std::string() : out;
}

std::string page_of(const std::string& title, std::string body) {
  const std::string style = std::string(treemap_style) + std::string(card_style);
  return html_page(
      {.title = title, .body = std::move(body), .style = style, .script = treemap_script});
}

std::string rows_of(const std::vector<DiffRow>& rows) {
  if (rows.empty()) return "<p>The files are equal byte for byte.</p>\n";
  std::string out =
      "<h2>Differences</h2>\n<table id=\"differences\"><thead><tr><th scope=\"col\">What</th><th "
      "scope=\"col\">Difference</th></tr></thead><tbody>\n";
  for (const DiffRow& row : rows) {
    std::string text = row.text;
    if (text.size() > 4 * page_name) text = text.substr(0, 4 * page_name) + "...";
    out += "<tr><td>" + html_text(row.what) + "</td><td>" + html_text(text) + "</td></tr>\n";
  }
  return out + "</tbody></table>\n";
}

}  // namespace

Result<PageFile> page_file(const std::string& path, ByteView file, const InspectOptions& options,
                           bool bounded) {
  PageFile out;
  out.path = path;
  out.report = TENON_TRY(inspect_file(file, options));
  auto tree = size_tree(path, file, out.report);
  out.tree = tree ? *std::move(tree) : SizeNode{path, "file", file.size()};
  if (bounded) out.left_out = bound_tree(out.tree, false, page_nodes, page_name);
  return out;
}

std::string inspect_page(std::vector<PageFile> files) {
  SizeNode root;
  LeftOut left_out;
  std::string title;
  if (files.size() == 1) {
    root = std::move(files.front().tree);
    left_out = files.front().left_out;
    title = files.front().path;
  } else {
    title = fmt::format("{} files", files.size());
    root.name = title;
    root.kind = "files";
    for (PageFile& file : files) {
      root.bytes += file.tree.bytes;
      left_out.add(file.left_out);
      root.children.push_back(std::move(file.tree));
    }
    left_out.add(bound_tree(root, false, page_nodes, page_name));
  }
  std::string body = "<h1>" + html_text(title) + "</h1>\n<p>" + html_text(bytes_text(root.bytes)) +
                     " (" + fmt::format("{} bytes", root.bytes) + ")</p>\n";
  body += treemap_body(root, false, left_out);
  if (const std::string graph = library_graph(files); !graph.empty()) {
    body += "<h2>Libraries</h2>\n" + graph;
  }
  body += facts_of(files);
  return page_of(title, std::move(body));
}

std::string difference_page(const PageFile& left, const PageFile& right,
                            const std::vector<DiffRow>& rows) {
  SizeNode root = difference_tree(left.tree, right.tree);
  root.name = right.path;
  const LeftOut left_out = bound_tree(root, true, page_nodes, page_name);
  const std::string title = left.path + " -> " + right.path;
  std::string body =
      "<h1>" + html_text(title) + "</h1>\n<p>" +
      fmt::format("{} bytes before, {} bytes after, {:+} bytes.", root.before, root.bytes,
                  static_cast<std::int64_t>(root.bytes) - static_cast<std::int64_t>(root.before)) +
      " Red grew, blue shrank, gray did not change; the area is the larger of both "
      "sizes.</p>\n";
  body += treemap_body(root, true, left_out);
  body += rows_of(rows);
  return page_of(title, std::move(body));
}

}  // namespace tenon
