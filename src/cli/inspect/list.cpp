#include "cli/inspect/list.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <functional>
#include <iterator>

#include "base/demangle.h"
#include "base/text.h"
#include "diag/catalog.h"
#include "format/plist/unicode.h"
#include "host/files.h"
#include "inspect/abi.h"
#include "inspect/cgo.h"
#include "inspect/diff.h"
#include "inspect/show.h"
#include "inspect/size.h"
#include "inspect/tables.h"

namespace tenon {
namespace {

// Standard output in large pieces: a symbol table is tens of megabytes.
class Output {
 public:
  Output() { buffer_.reserve(capacity); }
  Output(const Output&) = delete;
  Output& operator=(const Output&) = delete;
  ~Output() { flush(); }

  std::back_insert_iterator<std::string> end() {
    if (buffer_.size() > capacity - 4096) flush();
    return std::back_inserter(buffer_);
  }

  void add(std::string_view text) {
    if (buffer_.size() + text.size() > capacity) flush();
    buffer_ += text;
  }

  void flush() {
    std::fwrite(buffer_.data(), 1, buffer_.size(), stdout);
    buffer_.clear();
  }

 private:
  static constexpr std::size_t capacity = 1 << 17;
  std::string buffer_;
};

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
    out.add(text.substr(from, i - from));
    fmt::format_to(out.end(), "\\u{:04x}", byte);
    from = i + 1;
  }
  out.add(text.substr(from));
  out.add("\"");
}

struct Style {
  bool json = false;
  bool demangle = false;
  std::string head;   // "app (arm64, x.o):" before the rows of an object; text only
  std::string slice;  // label of the object; JSON only
};

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

// Control characters of a name must not reach a terminal. Nearly all names are plain.
void add_name(Output& out, std::string_view name) {
  const auto odd = [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte < 0x20 || byte >= 0x7f;
  };
  if (std::ranges::none_of(name, odd)) {
    out.add(name);
  } else {
    out.add(without_controls(name));
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

std::string title(const std::string& path, const ObjectView& object) {
  std::string text = path;
  if (!object.member.empty()) text += fmt::format("({})", object.member);
  return fmt::format("{} ({}):\n", without_controls(text), object.arch);
}

void print_symbols(Output& out, const Style& style, const ObjectView& object, SymbolList list,
                   Result<void>& done) {
  if (!style.json) {
    done = list_symbols(object, list, [&](const SymbolRow& row) { symbol_text(out, style, row); });
  } else {
    done = list_symbols(object, list,
                        [&](const SymbolRow& row) { symbol_json(out, style, object, row); });
  }
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
                   without_controls(row.value), "", row.source);
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

using Printer = std::function<Result<void>(Output&, const Style&, const ObjectView&)>;

Printer symbols_of(SymbolList list) {
  return [list](Output& out, const Style& style, const ObjectView& object) {
    Result<void> done;
    print_symbols(out, style, object, list, done);
    return done;
  };
}

struct ListOption {
  std::string_view name;
  Printer printer;
};

std::vector<ListOption> list_options() {
  return {{"--symbols", symbols_of(SymbolList::all)},
          {"--imports", symbols_of(SymbolList::imports)},
          {"--exports", symbols_of(SymbolList::exports)},
          {"--sections", print_sections},
          {"--cgo", print_cgo},
          {"--abi", print_abi},
          {"--size", print_size}};
}

void complain(const std::string& path, const Error& error) {
  const bool damaged = error.code == Errc::malformed || error.code == Errc::truncated;
  const std::string where = fmt::format("{} at offset {}", error.what, error.offset);
  const Finding finding = damaged ? make_finding(Code::artifact_malformed, {{"value", where}}, path)
                                  : make_finding(Code::usage_unreadable_input,
                                                 {{"path", path}, {"reason", error.what}}, path);
  std::fputs(render_finding(finding, {}).c_str(), stderr);
}

// The exit code for one file.
int print_file(const std::string& path, const Printer& printer, const Style& style) {
  const auto mapping = map_file(path);
  if (!mapping) {
    complain(path, mapping.error());
    return exit_usage;
  }
  const auto objects = object_views(mapping->view());
  if (!objects) {
    complain(path, objects.error());
    return exit_usage;
  }
  int code = exit_ok;
  Output out;
  for (const ObjectView& object : *objects) {
    if (!style.json) out.add(title(path, object));
    const auto done = printer(out, style, object);
    if (done) continue;
    if (done.error().code == Errc::not_found) {
      if (!style.json) fmt::format_to(out.end(), "  {}\n", done.error().what);
      code = std::max<int>(code, exit_no);
      continue;
    }
    out.flush();
    complain(path, done.error());
    code = exit_usage;
  }
  return code;
}

int print_diff(Term& term, const Arguments& arguments) {
  Report report;
  report.command = "inspect";
  if (arguments.positional.size() != 2) {
    report.ok = false;
    report.findings.push_back(make_finding(
        Code::usage_bad_option, {{"message", "--diff takes two files"}}, "tenon inspect"));
    return term.finish(report, exit_usage);
  }
  std::array<Result<Mapping>, 2> files{map_file(arguments.positional[0]),
                                       map_file(arguments.positional[1])};
  for (std::size_t i = 0; i < 2; ++i) {
    if (files[i]) continue;
    complain(arguments.positional[i], files[i].error());
    return exit_usage;
  }
  const auto rows = diff_files(files[0]->view(), files[1]->view());
  if (!rows) {
    complain(arguments.positional[0], rows.error());
    return exit_usage;
  }
  Data list = Data::array();
  for (const DiffRow& row : *rows) {
    report.text += fmt::format("{:14} {}\n", row.what, without_controls(row.text));
    Data one = Data::object();
    one.add("what", row.what);
    one.add("slice", row.slice);
    one.add("left", row.left);
    one.add("right", row.right);
    one.add("text", row.text);
    list.push(std::move(one));
  }
  if (rows->empty()) report.text = "the files are equal, byte for byte\n";
  report.data.add("differences", std::move(list));
  report.ok = rows->empty();
  return term.finish(report, rows->empty() ? exit_ok : exit_no);
}

}  // namespace

std::optional<int> run_list(Term& term, const Arguments& arguments) {
  if (arguments.has("--diff")) return print_diff(term, arguments);
  for (const ListOption& option : list_options()) {
    if (!arguments.has(option.name)) continue;
    const Style style{term.json(), arguments.has("--demangle"), {}, {}};
    int code = exit_ok;
    for (const std::string& path : arguments.positional) {
      code = std::max(code, print_file(path, option.printer, style));
    }
    // A full disk or a closed pipe must not pass for success.
    return std::fflush(stdout) == 0 && std::ferror(stdout) == 0 ? code : exit_undecided;
  }
  return std::nullopt;
}

}  // namespace tenon
