#include "crossbuild/driver/linker_args.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/text.h"

namespace tenon {
namespace {

struct Arity {
  std::string_view name;
  std::size_t values;
};

// Driver flags whose value is the next argument (clang and gcc documentation).
constexpr std::array<Arity, 34> driver_values{{
    {"-ivfsoverlay", 1},
    {"-o", 1},
    {"-x", 1},
    {"-arch", 1},
    {"-target", 1},
    {"-I", 1},
    {"-L", 1},
    {"-F", 1},
    {"-D", 1},
    {"-U", 1},
    {"-MF", 1},
    {"-MT", 1},
    {"-MQ", 1},
    {"-isystem", 1},
    {"-iquote", 1},
    {"-idirafter", 1},
    {"-iframework", 1},
    {"-include", 1},
    {"-imacros", 1},
    {"-isysroot", 1},
    {"--sysroot", 1},
    {"-install_name", 1},
    {"-Xclang", 1},
    {"-Xpreprocessor", 1},
    {"-mllvm", 1},
    {"-u", 1},
    {"-e", 1},
    {"-T", 1},
    {"-compatibility_version", 1},
    {"-current_version", 1},
    {"-undefined", 1},
    {"-rpath", 1},
    {"-force_load", 1},
    {"-z", 1},
}};

// Options of Apple's linker with separate values: ld(1) of ld64, lld/MachO/Options.td. And two of
// ELF linkers that packages pass without looking at the system.
constexpr std::array<Arity, 50> macho_values{{
    {"-headerpad", 1},
    {"-o", 1},
    {"-rpath", 1},
    {"-install_name", 1},
    {"-e", 1},
    {"-undefined", 1},
    {"-U", 1},
    {"-u", 1},
    {"-sectcreate", 3},
    {"-exported_symbols_list", 1},
    {"-unexported_symbols_list", 1},
    {"-exported_symbol", 1},
    {"-unexported_symbol", 1},
    {"-platform_version", 3},
    {"-macosx_version_min", 1},
    {"-macos_version_min", 1},
    {"-force_load", 1},
    {"-framework", 1},
    {"-weak_framework", 1},
    {"-needed_framework", 1},
    {"-reexport_framework", 1},
    {"-weak_library", 1},
    {"-needed_library", 1},
    {"-reexport_library", 1},
    {"-upward_library", 1},
    {"-pagezero_size", 1},
    {"-stack_size", 1},
    {"-syslibroot", 1},
    {"-arch", 1},
    {"-oso_prefix", 1},
    {"-order_file", 1},
    {"-alias", 2},
    {"-segprot", 3},
    {"-sectalign", 3},
    {"-segaddr", 2},
    {"-image_base", 1},
    {"-map", 1},
    {"-filelist", 1},
    {"-lto_library", 1},
    {"-mllvm", 1},
    {"-compatibility_version", 1},
    {"-current_version", 1},
    {"-headerpad_max_install_names", 0},
    {"-umbrella", 1},
    {"-allowable_client", 1},
    {"-client_name", 1},
    {"-dependency_info", 1},
    {"-object_path_lto", 1},
    {"-z", 1},
    {"-T", 1},
}};

// Options of the linkers for ELF and PE with separate values: ld(1) of binutils.
constexpr std::array<Arity, 35> elf_values{{
    {"-z", 1},
    {"-rpath", 1},
    {"--rpath", 1},
    {"-rpath-link", 1},
    {"--rpath-link", 1},
    {"-T", 1},
    {"-soname", 1},
    {"--soname", 1},
    {"-h", 1},
    {"-e", 1},
    {"-u", 1},
    {"-m", 1},
    {"--dynamic-linker", 1},
    {"-dynamic-linker", 1},
    {"--version-script", 1},
    {"--dynamic-list", 1},
    {"-Map", 1},
    {"--defsym", 1},
    {"--wrap", 1},
    {"-o", 1},
    {"--section-start", 1},
    {"-y", 1},
    {"--exclude-libs", 1},
    {"--subsystem", 1},
    {"--stack", 1},
    {"--heap", 1},
    {"--image-base", 1},
    {"--out-implib", 1},
    {"--output-def", 1},
    {"--base-file", 1},
    {"--file-alignment", 1},
    {"--section-alignment", 1},
    {"--entry", 1},
    {"--delayload", 1},
    {"--major-subsystem-version", 1},
}};

std::size_t arity(std::span<const Arity> table, std::string_view name) {
  const auto row = std::ranges::find(table, name, &Arity::name);
  return row == table.end() ? 0 : row->values;
}

bool is_framework(std::string_view name) {
  return name == "-framework" || name == "-weak_framework" || name == "-needed_framework" ||
         name == "-reexport_framework";
}

class Parser {
 public:
  Parser(const std::vector<std::string>& args, bool macho) : args_(args), macho_(macho) {}

  std::vector<DriverArg> run() {
    for (; at_ < args_.size(); ++at_) one(args_[at_]);
    flush_linker();
    return std::move(out_);
  }

 private:
  void one(const std::string& arg) {
    if (arg.starts_with("-Wl,")) {
      for (const std::string_view word : split(std::string_view(arg).substr(4), ',')) {
        linker_word(std::string(word));
      }
      return;
    }
    if (arg == "-Xlinker" && at_ + 1 < args_.size()) {
      linker_word(args_[++at_]);
      return;
    }
    flush_linker();
    driver_word(arg);
  }

  void driver_word(const std::string& arg) {
    if (arg.size() < 2 || arg.front() != '-') {
      out_.push_back({DriverArg::Kind::input, arg, {}});
    } else if (arg.starts_with("-l") && !arg.starts_with("-lazy")) {
      std::string name = arg.substr(2);
      if (name.empty() && at_ + 1 < args_.size()) name = args_[++at_];
      out_.push_back({DriverArg::Kind::library, "-l", {std::move(name)}});
    } else if (is_framework(arg) && at_ + 1 < args_.size()) {
      out_.push_back({DriverArg::Kind::framework, arg, {args_[++at_]}});
    } else {
      DriverArg flag{DriverArg::Kind::flag, arg, {}};
      for (std::size_t n = arity(driver_values, arg); n > 0 && at_ + 1 < args_.size(); --n) {
        flag.values.push_back(args_[++at_]);
      }
      out_.push_back(std::move(flag));
    }
  }

  // A word for the linker: a value that the last option waits for, or a new option.
  void linker_word(std::string word) {
    if (waiting_ > 0) {
      pending_.values.push_back(std::move(word));
      if (--waiting_ == 0) flush_linker();
      return;
    }
    flush_linker();
    pending_ = {DriverArg::Kind::linker, std::move(word), {}};
    waiting_ = macho_ ? arity(macho_values, pending_.name) : arity(elf_values, pending_.name);
    have_pending_ = true;
    if (waiting_ == 0) flush_linker();
  }

  void flush_linker() {
    if (!have_pending_) return;
    if (is_framework(pending_.name)) pending_.kind = DriverArg::Kind::framework;
    if (pending_.name.starts_with("-l") && pending_.name.size() > 2 &&
        !pending_.name.starts_with("-lto") && !pending_.name.starts_with("-ld_")) {
      pending_ = {DriverArg::Kind::library, "-l", {pending_.name.substr(2)}};
    }
    out_.push_back(std::move(pending_));
    pending_ = {};
    have_pending_ = false;
    waiting_ = 0;
  }

  const std::vector<std::string>& args_;
  bool macho_;
  std::size_t at_ = 0;
  std::vector<DriverArg> out_;
  DriverArg pending_;
  bool have_pending_ = false;
  std::size_t waiting_ = 0;
};

}  // namespace

std::vector<DriverArg> parse_driver_args(const std::vector<std::string>& args, bool macho) {
  return Parser(args, macho).run();
}

void append_args(const DriverArg& arg, std::vector<std::string>& out) {
  if (arg.kind == DriverArg::Kind::library) {
    out.push_back("-l" + arg.values.front());
    return;
  }
  if (arg.kind != DriverArg::Kind::linker) {
    out.push_back(arg.name);
    out.insert(out.end(), arg.values.begin(), arg.values.end());
    return;
  }
  std::vector<std::string> words{arg.name};
  words.insert(words.end(), arg.values.begin(), arg.values.end());
  const bool comma =
      std::ranges::any_of(words, [](const auto& word) { return word.contains(','); });
  if (!comma) {
    out.push_back("-Wl," + join(words, ","));
    return;
  }
  for (const std::string& word : words) {
    out.emplace_back("-Xlinker");
    out.push_back(word);
  }
}

std::string spelled(const DriverArg& arg) {
  std::vector<std::string> words;
  append_args(arg, words);
  return join(words, " ");
}

std::vector<std::string> split_response_file(std::string_view text) {
  std::vector<std::string> words;
  std::string word;
  bool open = false;
  char quote = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '\\' && i + 1 < text.size()) {
      word += text[++i];
      open = true;
    } else if (quote != 0 && c == quote) {
      quote = 0;
    } else if (quote == 0 && (c == '"' || c == '\'')) {
      quote = c;
      open = true;
    } else if (quote == 0 && (c == ' ' || c == '\t' || c == '\n' || c == '\r')) {
      if (open) words.push_back(std::move(word));
      word.clear();
      open = false;
    } else {
      word += c;
      open = true;
    }
  }
  if (open) words.push_back(std::move(word));
  return words;
}

}  // namespace tenon
