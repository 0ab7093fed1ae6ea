// make_macos_headers: C and Objective-C headers of macOS frameworks from the crates objc2-*.
//
//   make_macos_headers --crates DIR --own DIR --out DIR
//
// DIR of crates holds one directory a crate, as `cargo vendor` makes it. Our own part lies in
// frameworks.toml and in NAME.before.h and NAME.after.h beside it. Written are NAME/NAME.h and the
// headers that include it, VERSION, sources.tsv (framework, crate, version, license), symbols.tsv
// (symbol, framework) and left_out.tsv (framework, module, line, name, reason): what has no
// counterpart in C is there and nowhere silently dropped.
#include <fmt/format.h>
#include <toml++/toml.h>

#include <algorithm>
#include <cctype>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <memory>
#include <set>
#include <sstream>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include "macos_headers/emit.h"
#include "macos_headers/parser.h"
#include "macos_headers/syntax.h"
#include "macos_headers/world.h"

namespace macos_headers {

namespace {

namespace fs = std::filesystem;

struct Arguments {
  std::string crates;
  std::string own;
  std::string out;
};

[[noreturn]] void stop(const std::string& what) {
  fmt::print(stderr, "make_macos_headers: {}\n", what);
  std::exit(1);
}

std::string read(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) stop("cannot read " + path.string());
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

std::string read_if_there(const fs::path& path) {
  return fs::exists(path) ? read(path) : std::string();
}

void write(const fs::path& path, const std::string& text) {
  fs::create_directories(path.parent_path());
  std::ofstream file(path, std::ios::binary);
  file << text;
  file.close();
  if (!file) stop("cannot write " + path.string());
}

// The directory of the headers. It remembers in `made.stamp` what it was given, and what an earlier
// run made and this one did not goes: a compiler would find the header of a framework that is gone.
class Output {
 public:
  explicit Output(fs::path top) : top_(std::move(top)) {}

  void add(const std::string& path, const std::string& text) {
    write(top_ / path, text);
    made_.insert(path);
  }

  void finish() const {
    std::istringstream before(read_if_there(top_ / "made.stamp"));
    std::string path;
    while (std::getline(before, path)) {
      if (!made_.contains(path)) remove(top_ / path);
    }
    write(top_ / "made.stamp", fmt::format("{}\n", fmt::join(made_, "\n")));
  }

 private:
  // The file, and directories that are empty without it.
  void remove(fs::path path) const {
    std::error_code problem;
    while (path != top_ && fs::remove(path, problem)) path = path.parent_path();
  }

  fs::path top_;
  std::set<std::string> made_;
};

std::vector<std::string> strings(const toml::table& table, std::string_view key) {
  std::vector<std::string> out;
  if (const toml::array* list = table[key].as_array()) {
    for (const toml::node& node : *list) out.push_back(node.value_or(std::string()));
  }
  return out;
}

std::map<std::string, std::string> pairs(const toml::table& table, std::string_view key) {
  std::map<std::string, std::string> out;
  if (const toml::table* inner = table[key].as_table()) {
    for (const auto& [name, value] : *inner) out.emplace(name.str(), value.value_or(std::string()));
  }
  return out;
}

Settings settings_of(const std::string& name, const toml::table& table) {
  return {.name = name,
          .crate = table["crate"].value_or(std::string()),
          .by_module = table["by_module"].value_or(false),
          .includes = strings(table, "includes"),
          .headers = strings(table, "headers"),
          .pointers_are_const = strings(table, "const"),
          .elsewhere = strings(table, "elsewhere"),
          .input = strings(table, "input"),
          .integers = pairs(table, "integers"),
          .functions = pairs(table, "functions")};
}

// Without the bodies of macros: of `#define A(b) c` stays `#define A`.
std::string without_macro_bodies(std::string_view text) {
  std::string out;
  std::istringstream lines{std::string(text)};
  std::string line;
  bool in_macro = false;
  while (std::getline(lines, line)) {
    const bool continues = line.ends_with('\\');
    if (line.starts_with("#define ")) {
      std::size_t end = 8;
      while (end < line.size() &&
             (std::isalnum(static_cast<unsigned char>(line[end])) != 0 || line[end] == '_'))
        ++end;
      out += line.substr(0, end) + "\n";
    } else if (!in_macro && !line.starts_with('#') && !line.starts_with("//")) {
      out += line + "\n";
    }
    in_macro = continues && (in_macro || line.starts_with('#'));
  }
  return out;
}

// Names that our own part declares: behind #define, before `(` of a prototype, before the `;` of a
// typedef, behind @class, @protocol, struct, and each enumerator.
std::set<std::string> declared_in(std::string_view source, bool with_classes) {
  const std::string text = without_macro_bodies(source);
  std::set<std::string> out;
  std::string word;
  std::string before;
  const auto is_word = [](char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_';
  };
  for (std::size_t at = 0; at <= text.size(); ++at) {
    const char c = at < text.size() ? text[at] : ' ';
    if (is_word(c)) {
      word += c;
      continue;
    }
    if (!word.empty()) {
      if (before == "define" || c == '(' || c == ';' || c == '=' || before == "struct" ||
          before == "protocol" || (with_classes && before == "interface")) {
        out.insert(word);
      }
      before = word;
      word.clear();
    }
    if (c == ' ' && at + 1 < text.size() && text[at + 1] == '=') out.insert(before);
  }
  return out;
}

// Functions and variables of our own part: `extern T name(...)` and `extern T name;`.
std::vector<std::string> symbols_in(const std::string& text) {
  std::vector<std::string> out;
  for (std::size_t at = text.find("\nextern "); at != std::string::npos;
       at = text.find("\nextern ", at + 1)) {
    const std::size_t end = text.find_first_of("(;", at);
    if (end == std::string::npos) break;
    std::size_t start = end;
    while (start > at && (std::isalnum(static_cast<unsigned char>(text[start - 1])) != 0 ||
                          text[start - 1] == '_'))
      --start;
    if (start < end) out.push_back(text.substr(start, end - start));
  }
  return out;
}

std::string version_of(const fs::path& crate) {
  const toml::table manifest = toml::parse_file((crate / "Cargo.toml").string());
  return manifest["package"]["version"].value_or(std::string());
}

std::unique_ptr<Framework> load(const Arguments& given, const Settings& settings) {
  auto out = std::make_unique<Framework>();
  out->settings = settings;
  const fs::path crate = fs::path(given.crates) / settings.crate;
  out->before = read_if_there(fs::path(given.own) / (settings.name + ".before.h"));
  out->after = read_if_there(fs::path(given.own) / (settings.name + ".after.h"));
  out->own = declared_in(out->before, true);
  out->own.merge(declared_in(out->after, false));  // its @interface are categories
  out->own.insert(settings.elsewhere.begin(), settings.elsewhere.end());
  if (settings.crate.empty()) return out;
  out->version = version_of(crate);
  std::vector<fs::path> files;
  for (const fs::directory_entry& entry : fs::recursive_directory_iterator(crate / "src")) {
    const std::string path = entry.path().string();
    if (path.ends_with(".rs") && !path.contains("/tests/")) files.push_back(entry.path());
  }
  std::ranges::sort(files);
  for (const fs::path& file : files) {
    std::string module = fs::relative(file, crate / "src").string();
    module.resize(module.size() - 3);
    parse_module(module, read(file), out->declarations);
  }
  return out;
}

// Apple's header of a module: generated/CFString -> CFString, generated/usb/USB -> usb/USB.
std::set<std::string> header_names(const Framework& framework) {
  std::set<std::string> out(framework.settings.headers.begin(), framework.settings.headers.end());
  if (framework.settings.crate.empty()) return out;
  const auto add = [&](const Origin& origin) {
    if (origin.module.starts_with("generated/") && !origin.module.ends_with("/mod"))
      out.insert(origin.module.substr(10));
  };
  const Declarations& all = framework.declarations;
  for (const Function& one : all.functions) add(one.origin);
  for (const Static& one : all.statics) add(one.origin);
  for (const Constant& one : all.constants) add(one.origin);
  for (const Alias& one : all.aliases) add(one.origin);
  for (const Record& one : all.records) add(one.origin);
  for (const Class& one : all.classes) add(one.origin);
  for (const Protocol& one : all.protocols) add(one.origin);
  for (const Methods& one : all.methods) add(one.origin);
  return out;
}

std::string flat(std::string module) {
  std::ranges::replace(module, '/', '_');
  return module;
}

// The headers that declare what Apple's header `name` does: those of the module of this name, or of
// its directory ("hid/IOHIDManager" of hid); without one what all of the framework share.
std::string includes_for(const std::string& framework, const Header& header,
                         const std::string& name) {
  if (header.modules.empty()) return fmt::format("#include <{0}/{0}.h>\n", framework);
  const std::string folder = name.contains('/') ? name.substr(0, name.find('/')) : name;
  std::string out = fmt::format("#include <{}/tenon_base.h>\n", framework);
  for (const auto& [module, text] : header.modules) {
    const bool wanted = header.modules.contains(name)
                            ? module == name
                            : module == folder || module.starts_with(folder + "/");
    if (wanted) out += fmt::format("#include <{}/tenon_{}.h>\n", framework, flat(module));
  }
  return out;
}

void write_framework(const Framework& framework, const Header& header, Output& out) {
  const std::string& name = framework.settings.name;
  const std::string top = "include/" + name + "/";
  const std::string once = "#pragma once\n#pragma clang system_header\n";
  if (header.modules.empty()) {
    out.add(top + name + ".h", header.text);
  } else {
    out.add(top + "tenon_base.h", header.text);
    std::string all = once + fmt::format("#include <{}/tenon_base.h>\n", name);
    for (const auto& [module, text] : header.modules) {
      all += fmt::format("#include <{}/tenon_{}.h>\n", name, flat(module));
      out.add(fmt::format("{}tenon_{}.h", top, flat(module)),
              once + fmt::format("#include <{}/tenon_base.h>\nTENON_DECLARATIONS_BEGIN\n{}"
                                 "TENON_DECLARATIONS_END\n",
                                 name, text));
    }
    out.add(top + name + ".h", all);
  }
  for (const std::string& other : header_names(framework)) {
    if (other != name) out.add(top + other + ".h", once + includes_for(name, header, other));
  }
}

// What the makers of the bindings left out, as their own list has it: a line `fn.NAME.skipped =
// true`.
void add_skipped(const Arguments& given, Framework& framework) {
  const fs::path list =
      fs::path(given.crates) / framework.settings.crate / "translation-config.toml";
  std::istringstream lines(read_if_there(list));
  std::string line;
  for (unsigned number = 1; std::getline(lines, line); ++number) {
    const std::size_t end = line.find(".skipped = true");
    const std::size_t dot = line.find('.');
    if (end == std::string::npos || dot >= end || line.starts_with("module.")) continue;
    const std::string name = line.substr(dot + 1, end - dot - 1);
    if (framework.own.contains(name) || name.contains('.')) continue;
    framework.declarations.left_out.push_back(
        {{"translation-config.toml", number}, name, "the bindings leave it out"});
  }
}

// Framework, crate, version, license.
std::string source_line(const Arguments& given, const Framework& framework) {
  const toml::table manifest =
      toml::parse_file((fs::path(given.crates) / framework.settings.crate / "Cargo.toml").string());
  return fmt::format("{}\t{}\t{}\t{}\n", framework.settings.name, framework.settings.crate,
                     framework.version, manifest["package"]["license"].value_or(std::string()));
}

int run(const Arguments& given) {
  const toml::table config = toml::parse_file((fs::path(given.own) / "frameworks.toml").string());
  std::vector<std::unique_ptr<Framework>> frameworks;
  for (const auto& [name, table] : config) {
    frameworks.push_back(load(given, settings_of(std::string(name.str()), *table.as_table())));
  }
  World world;
  for (const auto& framework : frameworks) world.add(*framework);
  Output out(given.out);
  std::set<std::string> symbols;  // sorted: the linker's side looks names up by halving
  std::string left_out;
  std::size_t declared = 0;
  std::size_t left = 0;
  for (const auto& framework : frameworks) {
    if (!framework->settings.crate.empty()) add_skipped(given, *framework);
    Header header = emit(world, *framework);
    write_framework(*framework, header, out);
    const std::string& name = framework->settings.name;
    for (const std::string& symbol : symbols_in(framework->before + framework->after)) {
      symbols.insert(fmt::format("{}\t{}\n", symbol, name));
    }
    for (const std::string& symbol : header.symbols)
      symbols.insert(fmt::format("{}\t{}\n", symbol, name));
    for (const auto* list : {&framework->declarations.left_out, &header.left_out}) {
      left += list->size();
      for (const LeftOut& one : *list) {
        left_out += fmt::format("{}\t{}\t{}\t{}\t{}\n", name, one.origin.module, one.origin.line,
                                one.name, one.reason);
      }
    }
    declared += header.declarations;
  }
  std::string sources;
  for (const auto& framework : frameworks) {
    if (!framework->settings.crate.empty()) sources += source_line(given, *framework);
  }
  out.add("sources.tsv", sources);
  out.add("VERSION", fmt::format("objc2 {}\n", frameworks.front()->version));
  out.add("symbols.tsv", fmt::format("{}", fmt::join(symbols, "")));
  out.add("left_out.tsv", left_out);
  out.finish();
  fmt::print("{} frameworks, {} declarations, {} left out\n", frameworks.size(), declared, left);
  return 0;
}

}  // namespace

}  // namespace macos_headers

int main(int argc, char** argv) {
  macos_headers::Arguments given;
  const std::vector<std::string> words(argv + 1, argv + argc);
  for (std::size_t i = 0; i + 1 < words.size(); i += 2) {
    if (words[i] == "--crates") given.crates = words[i + 1];
    if (words[i] == "--own") given.own = words[i + 1];
    if (words[i] == "--out") given.out = words[i + 1];
  }
  if (given.crates.empty() || given.own.empty() || given.out.empty()) {
    fmt::print(stderr, "usage: make_macos_headers --crates DIR --own DIR --out DIR\n");
    return 3;
  }
  try {
    return macos_headers::run(given);
  } catch (const std::exception& problem) {
    fmt::print(stderr, "make_macos_headers: {}\n", problem.what());
    return 1;
  }
}
