#include "inspect/lists.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
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

void symbol_json(Output& out, const Style& style, const ObjectView& object, const SymbolRow& row) {
  out.add("{\"slice\":");
  out.json_string(object.arch);
  if (!object.member.empty()) {
    out.add(",\"member\":");
    out.json_string(object.member);
  }
  out.add(",\"name\":");
  out.json_string(row.name);
  if (style.demangle) {
    out.add(",\"demangled\":");
    out.json_string(demangle(row.name));
  }
  if (row.type != '-') out.add(shown_format(",\"type\":\"{}\"", row.type));
  const auto number = [&](const auto& key, std::uint64_t value) {
    out.add(key);
    out.number(value);
  };
  if (row.has_address) number(",\"address\":", row.address);
  if (row.size != 0) number(",\"size\":", row.size);
  const auto text = [&](const auto& key, std::string_view value) {
    if (value.empty()) return;
    out.add(key);
    out.json_string(value);
  };
  text(",\"section\":", row.section);
  text(",\"library\":", row.library);
  text(",\"version\":", row.version);
  if (row.weak) {
    out.add(",\"weak\":true");
  } else {
    out.add(",\"weak\":false");
  }
  if (row.lazy) out.add(",\"lazy\":true");
  out.add("}\n");
}

void symbol_text(Output& out, const Style& style, const SymbolRow& row) {
  if (row.has_address) {
    out.hex(row.address);
  } else {
    out.add("                ");
  }
  if (row.type != '-') {
    out.add(" ");
    out.letter(row.type);
  }
  out.add(" ");
  if (style.demangle) {
    out.name(demangle(row.name));
  } else {
    out.name(row.name);
  }
  if (!row.version.empty()) {
    out.add("@");
    out.name(row.version);
  }
  if (!row.library.empty()) {
    out.add("  (");
    out.name(row.library);
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
      out.json_string(object.arch);
      if (!object.member.empty()) {
        out.add(",\"member\":");
        out.json_string(object.member);
      }
      out.add(",\"name\":");
      out.json_string(row.name);
      out.add(shown_format(",\"address\":{},\"size\":{},\"offset\":{},\"flags\":\"{}\"}}\n",
                           row.address, row.size, row.offset, row.flags));
      continue;
    }
    const Shown absent = row.in_file ? Shown() : Shown("  (zeros)");
    out.add(shown_format("  {:016x} {:>10} {:3} {}{}\n", row.address, row.size, row.flags, row.name,
                         absent));
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
      out.json_line(row);
    }
    return {};
  }
  if (sides.packages.empty()) {
    out.add(sides.runtime ? Shown("  runtime/cgo is linked, no package calls C\n")
                          : Shown("  no cgo\n"));
  }
  const auto lines = [&](const Shown& head, const std::vector<std::string>& names) {
    for (const std::string& name : names) out.add(shown_format("{}{}\n", head, name));
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
      out.json_line(data);
      continue;
    }
    out.add(shown_format("  {:10} {:18} {}\n{:32}{}\n", row.state, row.check, row.value, "",
                         row.source));
  }
  return {};
}

constexpr std::uint64_t bar_cells = 16;

Shown bar(std::uint64_t bytes, std::uint64_t most, bool unicode) {
  const std::uint64_t halves = most == 0 ? 0 : bytes * 2 * bar_cells / most;
  Shown out;
  for (std::uint64_t cell = 0; cell < bar_cells; ++cell) {
    if (halves >= 2 * cell + 2) {
      out += unicode ? Shown("\u2588") : Shown("#");
    } else {
      out += unicode && halves == 2 * cell + 1 ? Shown("\u258c") : Shown(" ");
    }
  }
  return out;
}

// One list of sizes: its total, then rows with their share of it.
void print_sizes(Output& out, const Style& style, const Shown& head,
                 const std::vector<SizeRow>& rows) {
  if (rows.empty()) return;
  std::uint64_t total = 0;
  for (const SizeRow& row : rows) total += row.bytes;
  out.add(shown_format("  {}: {} in all\n", head, bytes_text(total)));
  const std::size_t count = style.top == 0 ? rows.size() : std::min(style.top, rows.size());
  std::uint64_t rest = total;
  const auto line = [&](std::uint64_t bytes, const Shown& bars, const Shown& name) {
    const double share =
        total == 0 ? 0 : 100 * static_cast<double>(bytes) / static_cast<double>(total);
    out.add(shown_format("    {:>12} {:5.1f} % {} {}\n", bytes_text(bytes), share, bars, name));
  };
  for (std::size_t i = 0; i < count; ++i) {
    rest -= rows[i].bytes;
    const std::string name = style.demangle ? demangle(rows[i].name) : std::string();
    line(rows[i].bytes, bar(rows[i].bytes, rows.front().bytes, style.unicode),
         Shown::of(name.empty() ? rows[i].name : name));
  }
  if (count < rows.size()) {
    line(rest, bar(0, 1, style.unicode),
         shown_format("{} more; --top 0 lists all", rows.size() - count));
  }
}

Result<void> print_size(Output& out, const Style& style, const ObjectView& object) {
  const SizeReport sizes = TENON_TRY(size_report(object));
  if (style.json) {
    const auto lines = [&](std::string_view key, const std::vector<SizeRow>& rows) {
      for (const SizeRow& row : rows) {
        Data data = Data::object();
        data.add("slice", object.arch);
        const bool c_of_package = key == "package" && !row.package.empty();
        data.add(std::string(key), c_of_package ? row.package : row.name);
        data.add("bytes", static_cast<std::int64_t>(row.bytes));
        if (c_of_package) data.add("language", "C");
        if (key == "function" && !row.package.empty()) data.add("package", row.package);
        if (!row.source.empty()) data.add("source", row.source);
        out.json_line(data);
      }
    };
    lines("section", sizes.sections);
    lines("package", sizes.packages);
    lines("function", sizes.functions);
    return {};
  }
  print_sizes(out, style, "by section", sizes.sections);
  print_sizes(out, style, "code by package", sizes.packages);
  print_sizes(
      out, style,
      sizes.packages.empty() ? Shown("code by source") : Shown("C and other code by source"),
      sizes.sources);
  print_sizes(
      out, style,
      sizes.packages.empty() ? Shown("code by function") : Shown("C and other code by function"),
      sizes.functions);
  return {};
}

}  // namespace

void ListOutput::raw(std::string_view text) {
  if (buffer_.size() + text.size() > capacity) flush();
  buffer_ += text;
}

// Nearly all names are plain.
void ListOutput::name(std::string_view value) {
  const auto odd = [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte < 0x20 || byte >= 0x7f || c == '#' || c == ':';
  };
  if (std::ranges::none_of(value, odd)) {
    raw(value);
  } else {
    raw(Shown::of(value));
  }
}

// What lies between the quotes of a JSON string. Nearly all of it is plain.
void ListOutput::json_piece(std::string_view text) {
  if (text.contains("##") || std::ranges::any_of(text, [](char c) { return c < 0; })) {
    raw(printed_json(text));
  } else {
    raw(text);
  }
}

void ListOutput::json_string(std::string_view value) {
  const bool utf8 = plist::first_bad_utf8(value) == std::string_view::npos;
  raw("\"");
  std::size_t from = 0;
  for (std::size_t i = 0; i < value.size(); ++i) {
    const auto byte = static_cast<unsigned char>(value[i]);
    if (byte >= 0x20 && byte != 0x7f && (byte < 0x7f || utf8) && byte != '"' && byte != '\\') {
      continue;
    }
    json_piece(value.substr(from, i - from));
    raw(fmt::format("\\u{:04x}", byte));
    from = i + 1;
  }
  json_piece(value.substr(from));
  raw("\"");
}

void ListOutput::json_line(const Data& document) {
  raw(render_data(document));
  raw("\n");
}

void ListOutput::number(std::uint64_t value) { raw(fmt::format_int(value).c_str()); }

void ListOutput::hex(std::uint64_t value) {
  std::array<char, 16> digits;
  for (std::size_t i = 16; i-- > 0; value >>= 4) digits[i] = "0123456789abcdef"[value & 15];
  raw({digits.data(), digits.size()});
}

void ListOutput::letter(char ascii) {
  if (ascii > ' ' && ascii < '\x7f') raw({&ascii, 1});
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
