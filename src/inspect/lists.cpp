#include "inspect/lists.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/demangle.h"
#include "base/result.h"
#include "base/shown.h"
#include "diag/render/render.h"
#include "diag/report.h"
#include "format/plist/unicode.h"
#include "inspect/abi.h"
#include "inspect/cgo.h"
#include "inspect/size.h"
#include "inspect/tables.h"
#include "inspect/x18.h"

namespace tenon {
namespace {

using Output = ListOutput;
using Style = ListStyle;

// What stands between the quotes of a JSON string. Nearly all of it is plain.
void add_json(Output& out, std::string_view text) {
  if (text.contains("##") || std::ranges::any_of(text, [](char c) { return c < 0; })) {
    out.add(printed_json(text));
  } else {
    out.add(text);
  }
}

// A JSON string. A name is bytes: what is no UTF-8 is escaped byte by byte.
void add_quoted(Output& out, std::string_view text) {
  const bool utf8 = plist::first_bad_utf8(text) == std::string_view::npos;
  out.add("\"");
  std::size_t from = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    if (byte >= 0x20 && byte != 0x7f && (byte < 0x7f || utf8) && byte != '"' && byte != '\\') {
      continue;
    }
    add_json(out, text.substr(from, i - from));
    fmt::format_to(out.end(), "\\u{:04x}", byte);
    from = i + 1;
  }
  add_json(out, text.substr(from));
  out.add("\"");
}

void symbol_json(Output& out, const Style& style, const ObjectView& object, const SymbolRow& row) {
  out.add("{\"slice\":");
  add_quoted(out, object.arch);
  if (!object.member.empty()) {
    out.add(",\"member\":");
    add_quoted(out, object.member);
  }
  out.add(",\"name\":");
  add_quoted(out, row.name);
  if (style.demangle) {
    out.add(",\"demangled\":");
    add_quoted(out, demangle(row.name));
  }
  if (row.type != '-') fmt::format_to(out.end(), ",\"type\":\"{}\"", row.type);
  if (row.has_address) fmt::format_to(out.end(), ",\"address\":{}", row.address);
  if (row.size != 0) fmt::format_to(out.end(), ",\"size\":{}", row.size);
  const std::array<std::pair<std::string_view, std::string_view>, 3> texts{
      {{"section", row.section}, {"library", row.library}, {"version", row.version}}};
  for (const auto& [key, value] : texts) {
    if (value.empty()) continue;
    fmt::format_to(out.end(), ",\"{}\":", key);
    add_quoted(out, value);
  }
  fmt::format_to(out.end(), ",\"weak\":{}", row.weak);
  if (row.lazy) out.add(",\"lazy\":true");
  out.add("}\n");
}

// Nearly all names are plain.
void add_name(Output& out, std::string_view name) {
  const auto odd = [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte < 0x20 || byte >= 0x7f || c == '#' || c == ':';
  };
  if (std::ranges::none_of(name, odd)) {
    out.add(name);
  } else {
    out.add(Shown::of(name));
  }
}

void add_hex(Output& out, std::uint64_t value) {
  std::array<char, 16> digits;
  for (std::size_t i = 16; i-- > 0; value >>= 4) digits[i] = "0123456789abcdef"[value & 15];
  out.add({digits.data(), digits.size()});
}

void symbol_text(Output& out, const Style& style, const SymbolRow& row) {
  if (row.has_address) {
    add_hex(out, row.address);
  } else {
    out.add("                ");
  }
  if (row.type != '-') {
    const std::array<char, 2> letter{' ', row.type};
    out.add({letter.data(), 2});
  }
  out.add(" ");
  if (style.demangle) {
    add_name(out, demangle(row.name));
  } else {
    add_name(out, row.name);
  }
  if (!row.version.empty()) {
    out.add("@");
    add_name(out, row.version);
  }
  if (!row.library.empty()) {
    out.add("  (");
    add_name(out, row.library);
    out.add(")");
  }
  if (row.weak && row.type == '-') out.add("  weak");
  out.add("\n");
}

Result<void> print_symbols(Output& out, const Style& style, const ObjectView& object,
                           SymbolList list) {
  if (!style.json) {
    return list_symbols(object, list, [&](const SymbolRow& row) { symbol_text(out, style, row); });
  }
  return list_symbols(object, list,
                      [&](const SymbolRow& row) { symbol_json(out, style, object, row); });
}

Result<void> print_sections(Output& out, const Style& style, const ObjectView& object) {
  for (const SectionRow& row : TENON_TRY(list_sections(object))) {
    if (style.json) {
      out.add("{\"slice\":");
      add_quoted(out, object.arch);
      if (!object.member.empty()) {
        out.add(",\"member\":");
        add_quoted(out, object.member);
      }
      out.add(",\"name\":");
      add_quoted(out, row.name);
      fmt::format_to(out.end(), ",\"address\":{},\"size\":{},\"offset\":{},\"flags\":\"{}\"}}\n",
                     row.address, row.size, row.offset, row.flags);
      continue;
    }
    fmt::format_to(out.end(), "  {:016x} {:>10} {:3} ", row.address, row.size, row.flags);
    add_name(out, row.name);
    out.add(row.in_file ? "\n" : "  (zeros)\n");
  }
  return {};
}

Data names_data(const std::vector<std::string>& names) {
  Data out = Data::array();
  for (const std::string& name : names) out.push(name);
  return out;
}

Result<void> print_cgo(Output& out, const Style& style, const ObjectView& object) {
  const CgoSides sides = TENON_TRY(cgo_sides(object));
  if (style.json) {
    for (const CgoBorder& one : sides.packages) {
      Data row = Data::object();
      row.add("slice", object.arch);
      row.add("package", one.package);
      row.add("calls", names_data(one.calls));
      row.add("helpers", names_data(one.helpers));
      row.add("exports", names_data(one.exports));
      out.add(render_data(row) + "\n");
    }
    return {};
  }
  if (sides.packages.empty()) {
    out.add(sides.runtime ? "  runtime/cgo is linked, no package calls C\n" : "  no cgo\n");
  }
  const auto lines = [&](std::string_view head, const std::vector<std::string>& names) {
    for (const std::string& name : names) {
      out.add(head);
      add_name(out, name);
      out.add("\n");
    }
  };
  for (const CgoBorder& one : sides.packages) {
    lines("  ", {one.package.empty() ? "(package unknown)" : one.package});
    lines("    Go -> C   ", one.calls);
    lines("    helper    C.", one.helpers);
    lines("    C -> Go   ", one.exports);
  }
  return {};
}

Data counts_data(const std::vector<FunctionCount>& counts) {
  Data out = Data::array();
  for (const FunctionCount& one : counts) {
    Data row = Data::object();
    row.add("name", one.name);
    row.add("count", static_cast<std::int64_t>(one.count));
    out.push(std::move(row));
  }
  return out;
}

Result<void> print_abi(Output& out, const Style& style, const ObjectView& object) {
  for (const AbiRow& row : TENON_TRY(abi_rows(object))) {
    if (style.json) {
      Data data = Data::object();
      data.add("slice", object.arch);
      data.add("check", row.check);
      data.add("state", row.state);
      data.add("value", row.value);
      data.add("source", row.source);
      if (!row.functions.empty()) data.add("functions", counts_data(row.functions));
      out.add(render_data(data) + "\n");
      continue;
    }
    fmt::format_to(out.end(), "  {:10} {:18} {}\n{:32}{}\n", row.state, row.check,
                   Shown::of(row.value).text(), "", row.source);
  }
  return {};
}

Result<void> print_size(Output& out, const Style& style, const ObjectView& object) {
  const SizeReport sizes = TENON_TRY(size_report(object));
  if (style.json) {
    for (const auto* list : {&sizes.sections, &sizes.packages}) {
      for (const SizeRow& row : *list) {
        Data data = Data::object();
        data.add("slice", object.arch);
        data.add(list == &sizes.sections ? "section" : "package", row.name);
        data.add("bytes", static_cast<std::int64_t>(row.bytes));
        out.add(render_data(data) + "\n");
      }
    }
    return {};
  }
  const auto lines = [&](std::string_view head, const std::vector<SizeRow>& rows) {
    out.add(head);
    for (const SizeRow& row : rows) {
      fmt::format_to(out.end(), "    {:>12}  ", row.bytes);
      add_name(out, row.name);
      out.add("\n");
    }
  };
  lines("  by section\n", sizes.sections);
  if (!sizes.packages.empty()) lines("  code by package\n", sizes.packages);
  return {};
}

}  // namespace

std::back_insert_iterator<std::string> ListOutput::end() {
  if (buffer_.size() > capacity - 4096) flush();
  return std::back_inserter(buffer_);
}

void ListOutput::add(std::string_view text) {
  if (buffer_.size() + text.size() > capacity) flush();
  buffer_ += text;
}

void ListOutput::flush() {
  if (!buffer_.empty()) sink_(buffer_);
  buffer_.clear();
}

Shown list_title(const std::string& path, const ObjectView& object) {
  std::string text = path;
  if (!object.member.empty()) text += fmt::format("({})", object.member);
  return shown_format("{} ({}):\n", text, object.arch);
}

Result<void> write_list(ListKind kind, const ObjectView& object, const ListStyle& style,
                        ListOutput& out) {
  switch (kind) {
    case ListKind::symbols: return print_symbols(out, style, object, SymbolList::all);
    case ListKind::imports: return print_symbols(out, style, object, SymbolList::imports);
    case ListKind::exports: return print_symbols(out, style, object, SymbolList::exports);
    case ListKind::sections: return print_sections(out, style, object);
    case ListKind::cgo: return print_cgo(out, style, object);
    case ListKind::abi: return print_abi(out, style, object);
    case ListKind::size: return print_size(out, style, object);
  }
  return {};
}

}  // namespace tenon
