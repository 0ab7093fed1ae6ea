#include "crossbuild/cache/compile_call.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <expected>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/path.h"
#include "crossbuild/driver/linker_args.h"

namespace tenon {
namespace {

constexpr std::string_view file_map = "-ffile-prefix-map=";
constexpr std::string_view seed_flag = "-frandom-seed=";
// Starts and ends the name of a map in a portable path.
constexpr char mark = '\x01';

// Flags that decide an object by themselves: their own text says all. A '*' stands for any rest.
constexpr std::array<std::string_view, 58> plain_flags{"-c",
                                                       "-O*",
                                                       "-g",
                                                       "-g0",
                                                       "-g1",
                                                       "-g2",
                                                       "-g3",
                                                       "-ggdb*",
                                                       "-gdwarf*",
                                                       "-gno-*",
                                                       "-gcolumn-info",
                                                       "-gcodeview",
                                                       "-gline-tables-only",
                                                       "-gz",
                                                       "-gz=*",
                                                       "-W",
                                                       "-Wall",
                                                       "-W*",
                                                       "-w",
                                                       "-pedantic*",
                                                       "-std=*",
                                                       "-ansi",
                                                       "-D*",
                                                       "-U*",
                                                       "-pthread",
                                                       "-pipe",
                                                       "-fPIC",
                                                       "-m*",
                                                       "-arch",
                                                       "-target",
                                                       "--target=*",
                                                       "-nostdinc",
                                                       "-nostdinc++",
                                                       "-nostdlib",
                                                       "-nostdlibinc",
                                                       "-nodefaultlibs",
                                                       "-stdlib=*",
                                                       "-x",
                                                       "-xc*",
                                                       "-xobjective*",
                                                       "-xassembler*",
                                                       "-undef",
                                                       "-trigraphs",
                                                       "-static",
                                                       "-shared",
                                                       "-pie",
                                                       "-no-pie",
                                                       "-rdynamic",
                                                       "-s",
                                                       "-Qunused-arguments",
                                                       "-Qn",
                                                       "-Qy",
                                                       "-no-canonical-prefixes",
                                                       "-Wno-*",
                                                       "-ObjC",
                                                       "-ObjC++",
                                                       "-EL",
                                                       "-EB"};

// -f... that name files, write more files, or ask the machine.
constexpr std::array<std::string_view, 36> other_f{"-frecord-*",
                                                   "-flto*",
                                                   "-fprofile*",
                                                   "-fauto-profile*",
                                                   "-fbranch-probabilities",
                                                   "-ftest-coverage",
                                                   "-fcoverage*",
                                                   "-fmodule*",
                                                   "-fimplicit-module*",
                                                   "-fcxx-modules",
                                                   "-fprebuilt*",
                                                   "-fplugin*",
                                                   "-fpass-plugin*",
                                                   "-fdump*",
                                                   "-fsave-optimization-record*",
                                                   "-fstack-usage",
                                                   "-fcallgraph-info*",
                                                   "-fopt-info*",
                                                   "-ftime-trace*",
                                                   "-ftime-report*",
                                                   "-fmem-report*",
                                                   "-fsyntax-only",
                                                   "-fsanitize-blacklist*",
                                                   "-fsanitize-ignorelist*",
                                                   "-fsanitize-coverage*",
                                                   "-fxray*",
                                                   "-fthinlto*",
                                                   "-flto-partition*",
                                                   "-fcompare-debug*",
                                                   "-fembed*",
                                                   "-fpch*",
                                                   "-fworking-directory",
                                                   "-fdebug-compilation-dir*",
                                                   "-fcrash-diagnostics*",
                                                   "-fdiagnostics-add-output*",
                                                   "-fuse-*"};

bool matches(std::string_view pattern, std::string_view name) {
  if (pattern.ends_with('*')) return name.starts_with(pattern.substr(0, pattern.size() - 1));
  return pattern == name;
}

template <std::size_t N>
bool matches_any(const std::array<std::string_view, N>& patterns, std::string_view name) {
  return std::ranges::any_of(patterns, [&](auto each) { return matches(each, name); });
}

std::string_view language_of(std::string_view path) {
  struct Ending {
    std::string_view ending, language;
  };
  static constexpr std::array<Ending, 10> endings{{{".c", "c"},
                                                   {".cc", "c++"},
                                                   {".cpp", "c++"},
                                                   {".cxx", "c++"},
                                                   {".c++", "c++"},
                                                   {".C", "c++"},
                                                   {".m", "objective-c"},
                                                   {".mm", "objective-c++"},
                                                   {".S", "assembler-with-cpp"},
                                                   {".s", "assembler"}}};
  const std::string_view name = base_name(path);
  const auto row = std::ranges::find_if(
      endings, [&](const Ending& each) { return name.ends_with(each.ending); });
  return row == endings.end() ? std::string_view() : row->language;
}

bool below(std::string_view path, std::string_view folder) {
  return path.starts_with(folder) && (path.size() == folder.size() || path[folder.size()] == '/');
}

bool is_odd(const std::string& text) { return text.contains('\n') || text.contains(mark); }

std::string without_slash(std::string path) {
  while (path.size() > 1 && path.ends_with('/')) path.pop_back();
  return path;
}

// Search folders, each with how it is written: joined or apart.
struct SearchFlag {
  std::string_view name;
  std::vector<std::string> CompileCall::* list;
};

constexpr std::array<SearchFlag, 8> search_table{{{"-iquote", &CompileCall::quote_folders},
                                                  {"-I", &CompileCall::folders},
                                                  {"-isystem", &CompileCall::system_folders},
                                                  {"-cxx-isystem", &CompileCall::system_folders},
                                                  {"-idirafter", &CompileCall::late_folders},
                                                  {"-iframework", &CompileCall::frameworks},
                                                  {"-F", &CompileCall::frameworks},
                                                  {"-include", &CompileCall::forced}}};

class Reader {
 public:
  Reader(const std::vector<std::string>& argv, std::size_t program_words, std::string folder)
      : program_(argv.begin(), argv.begin() + static_cast<std::ptrdiff_t>(program_words)),
        args_(parse_driver_args(
            {argv.begin() + static_cast<std::ptrdiff_t>(program_words), argv.end()}, true)) {
    call_.folder = std::move(folder);
  }

  std::expected<CompileCall, NotCached> run() {
    find_maps();
    for (const DriverArg& arg : args_) {
      if (is_odd(arg.name) || std::ranges::any_of(arg.values, is_odd)) {
        refuse(Uncached::unreadable, "an argument with a line end");
      }
    }
    if (is_odd(call_.folder)) refuse(Uncached::unreadable, "a working directory with a line end");
    for (const DriverArg& arg : args_) {
      if (!problem_) read(arg);
    }
    if (!problem_) finish();
    if (!problem_) return std::move(call_);
    for (const DriverArg& arg : args_) {
      if (arg.kind == DriverArg::Kind::input && problem_->source.empty()) {
        problem_->source = arg.name;
      }
    }
    return std::unexpected(*std::move(problem_));
  }

 private:
  void refuse(Uncached reason, std::string what) {
    if (!problem_) problem_ = NotCached{reason, std::move(what)};
  }

  void find_maps() {
    for (const DriverArg& arg : args_) {
      if (!arg.name.starts_with(file_map)) continue;
      const std::string_view map = std::string_view(arg.name).substr(file_map.size());
      const std::size_t equals = map.rfind('=');
      if (equals == map.npos || equals == 0) continue;
      call_.maps.push_back(
          {without_slash(std::string(map.substr(0, equals))), std::string(map.substr(equals + 1))});
    }
    // In an order that does not depend on that of the flags.
    std::ranges::stable_sort(call_.maps, {}, &PrefixMap::to);
  }

  [[nodiscard]] std::string absolute(std::string_view path) const {
    return without_slash(absolute_path(call_.folder, path));
  }

  void word(std::string text) { call_.words.push_back(std::move(text)); }

  void read(const DriverArg& arg) {
    switch (arg.kind) {
      case DriverArg::Kind::input: sources_.push_back(arg.name); return;
      // Nothing is linked.
      case DriverArg::Kind::linker:
      case DriverArg::Kind::library:
      case DriverArg::Kind::framework: return;
      case DriverArg::Kind::flag: break;
    }
    if (!read_place(arg) && !read_search(arg)) read_flag(arg);
  }

  // -o, the seed and the maps: handled apart.
  bool read_place(const DriverArg& arg) {
    const std::string& name = arg.name;
    if (name == "-o") {
      if (!arg.values.empty()) call_.output = arg.values.front();
      return true;
    }
    if (name.starts_with(seed_flag)) return true;
    if (name.starts_with(file_map)) {
      return true;  // in `maps`
    }
    if (name.starts_with("-o") && name.size() > 2 && !name.starts_with("-object")) {
      call_.output = name.substr(2);
      return true;
    }
    return false;
  }

  bool read_search(const DriverArg& arg) {
    for (const SearchFlag& row : search_table) {
      std::string_view value;
      if (arg.name == row.name && !arg.values.empty()) {
        value = arg.values.front();
      } else if (arg.name.size() > row.name.size() && arg.name.starts_with(row.name) &&
                 (row.name.size() == 2)) {
        value = std::string_view(arg.name).substr(row.name.size());
      } else {
        continue;
      }
      if (row.list == &CompileCall::forced) {
        call_.forced.emplace_back(value);
        word(std::string(row.name) + " " + portable_path(call_.maps, value));
        return true;
      }
      // -I-, -I=DIR and header maps: refused below.
      if (value == "-" || value.starts_with('=') || value.ends_with(".hmap")) return false;
      std::string folder = absolute(value);
      // As it is spelled: debug information tells a relative name from an absolute one.
      word(std::string(row.name) + " " + portable_path(call_.maps, value));
      (call_.*row.list).push_back(std::move(folder));
      return true;
    }
    return false;
  }

  void read_flag(const DriverArg& arg) {
    const std::string& name = arg.name;
    const auto is_one_of = [&](std::initializer_list<std::string_view> names) {
      return std::ranges::find(names, name) != names.end();
    };
    if (is_one_of({"-E", "-S", "-M", "-MM", "-fsyntax-only", "-###", "--analyze", "-emit-llvm"})) {
      return refuse(Uncached::not_an_object, name);
    }
    if (name.starts_with("-M")) return refuse(Uncached::dependencies, name);
    if (name.starts_with("-m") && name.contains("=native")) {
      return refuse(Uncached::machine, name);
    }
    if (is_one_of({"-isysroot", "--sysroot"}) && !arg.values.empty()) {
      return sysroot(name + " ", {name, arg.values[0]}, arg.values[0]);
    }
    if (name.starts_with("--sysroot=")) return sysroot("--sysroot=", {name}, name.substr(10));
    if (name == "-ivfsoverlay" && !arg.values.empty()) {
      // A list that tenon makes, named after what is in it.
      return word(name + " " + std::string(base_name(arg.values[0])));
    }
    if (name == "-Xclang" && arg.values.size() == 1 && arg.values[0] == "-object-file-name=c.o") {
      return word(name + " " + arg.values[0]);
    }
    if (name.starts_with("-fdebug-prefix-map=") || name.starts_with("-fmacro-prefix-map=")) {
      return map_of_one_kind(name);
    }
    if (name == "-mllvm" || name.starts_with("-Wp,") || name.starts_with("-Wa,"))
      return refuse(Uncached::flag, name);
    const bool f = name.starts_with("-f") && !matches_any(other_f, name) && !name.contains('/');
    if (!f && !matches_any(plain_flags, name)) return refuse(Uncached::flag, name);
    for (const std::string_view clock : {"__DATE__", "__TIME__", "__TIMESTAMP__"}) {
      const auto has = [&](const std::string& text) { return text.contains(clock); };
      if (has(name) || std::ranges::any_of(arg.values, has))
        return refuse(Uncached::date_time, name);
    }
    if (name == "-arch") {
      if (!arch_.empty() && !arg.values.empty() && arg.values[0] != arch_) {
        return refuse(Uncached::inputs, "-arch " + arg.values[0]);
      }
      arch_ = arg.values.empty() ? "" : arg.values[0];
    }
    if (name == "-x" && !arg.values.empty()) call_.language = arg.values[0];
    if (name.starts_with("-x") && name.size() > 2) call_.language = name.substr(2);
    std::string text = name;
    for (const std::string& value : arg.values) text += " " + value;
    if (decides_search(name)) {
      call_.search_flags.push_back(name);
      call_.search_flags.insert(call_.search_flags.end(), arg.values.begin(), arg.values.end());
    }
    word(std::move(text));
  }

  static bool decides_search(std::string_view name) {
    return name.starts_with("-m") || name.starts_with("-nostd") || name.starts_with("-stdlib") ||
           name == "-target" || name.starts_with("--target") || name == "-arch" ||
           name == "-pthread";
  }

  void sysroot(const std::string& flag, const std::vector<std::string>& spelled,
               const std::string& path) {
    call_.search_flags.insert(call_.search_flags.end(), spelled.begin(), spelled.end());
    word(flag + portable_path(call_.maps, path));
  }

  void map_of_one_kind(const std::string& name) {
    const std::size_t from = name.find('=') + 1;
    const std::size_t to = name.rfind('=');
    if (to < from) return refuse(Uncached::flag, name);
    word(name.substr(0, from) + portable_path(call_.maps, name.substr(from, to - from)) +
         name.substr(to));
  }

  void finish() {
    const bool compiles = std::ranges::find(args_, "-c", &DriverArg::name) != args_.end();
    if (!compiles) return refuse(Uncached::not_an_object, "no -c");
    if (sources_.size() != 1 || sources_.front() == "-") {
      return refuse(Uncached::inputs, sources_.empty() ? "no source" : sources_.back());
    }
    if (call_.output.empty() || call_.output == "-") return refuse(Uncached::output, "no -o");
    call_.source = absolute(sources_.front());
    const bool given = !call_.language.empty() && call_.language != "none";
    if (!given) call_.language = language_of(call_.source);
    // clang and clang++ are one file, zig cc and zig c++ one program: its name decides, too, and a
    // C++ driver takes C for C++.
    std::string driver(base_name(program_.front()));
    for (std::size_t i = 1; i < program_.size(); ++i) driver += " " + program_[i];
    if (driver.contains("++") && !given && call_.language == "c") call_.language = "c++";
    word("driver " + driver);
    static constexpr std::array<std::string_view, 6> known{
        "c", "c++", "objective-c", "objective-c++", "assembler", "assembler-with-cpp"};
    if (std::ranges::find(known, call_.language) == known.end()) {
      return refuse(Uncached::inputs, sources_.front());
    }
    // How the source is named shows in messages and in debug information.
    word("source " + portable_path(call_.maps, sources_.front()));
    word("folder " + portable_path(call_.maps, call_.folder));
    for (const PrefixMap& map : call_.maps) word("map " + map.to);
  }

  std::vector<std::string> program_;
  std::vector<DriverArg> args_;
  CompileCall call_;
  std::vector<std::string> sources_;
  std::string arch_;
  std::optional<NotCached> problem_;
};

}  // namespace

std::string_view uncached_name(Uncached reason) {
  switch (reason) {
    case Uncached::not_an_object: return "no object";
    case Uncached::inputs: return "inputs";
    case Uncached::output: return "output";
    case Uncached::dependencies: return "dependency file";
    case Uncached::flag: return "flag";
    case Uncached::machine: return "flag of this machine";
    case Uncached::environment: return "environment";
    case Uncached::date_time: return "date or time";
    case Uncached::reads_file: return "reads a file by name";
    case Uncached::computed_include: return "computed __has_include";
    case Uncached::precompiled: return "precompiled header";
    case Uncached::changed: return "changed meanwhile";
    case Uncached::unreadable: return "unreadable";
    case Uncached::compiler: return "unknown compiler";
    case Uncached::diagnostics: return "warnings";
    case Uncached::store: return "cache not writable";
  }
  return "flag";
}

std::expected<CompileCall, NotCached> read_compile_call(const std::vector<std::string>& argv,
                                                        std::size_t program_words,
                                                        std::string folder) {
  return Reader(argv, program_words, std::move(folder)).run();
}

const std::vector<std::string_view>& deciding_variables() {
  static const std::vector<std::string_view> names{"CPATH",
                                                   "C_INCLUDE_PATH",
                                                   "CPLUS_INCLUDE_PATH",
                                                   "OBJC_INCLUDE_PATH",
                                                   "GCC_EXEC_PREFIX",
                                                   "COMPILER_PATH",
                                                   "SOURCE_DATE_EPOCH",
                                                   "GCC_COMPARE_DEBUG",
                                                   "SDKROOT",
                                                   "MACOSX_DEPLOYMENT_TARGET",
                                                   "CCC_OVERRIDE_OPTIONS",
                                                   "OBJCPLUS_INCLUDE_PATH",
                                                   "ZIG_LIB_DIR",
                                                   "ZIG_LIBC"};
  return names;
}

const std::vector<std::string_view>& output_variables() {
  static const std::vector<std::string_view> names{"DEPENDENCIES_OUTPUT", "SUNPRO_DEPENDENCIES",
                                                   "CC_PRINT_OPTIONS", "CC_LOG_DIAGNOSTICS"};
  return names;
}

std::string portable_path(const std::vector<PrefixMap>& maps, std::string_view path) {
  const PrefixMap* best = nullptr;
  for (const PrefixMap& map : maps) {
    if (below(path, map.from) && (best == nullptr || map.from.size() > best->from.size())) {
      best = &map;
    }
  }
  if (best == nullptr) return std::string(path);
  // Two folders may be written alike ("/include"): the number says which of them it is.
  std::size_t number = 0;
  for (const PrefixMap& map : maps) {
    if (&map == best) break;
    if (map.to == best->to) ++number;
  }
  std::string out = mark + best->to + mark + std::to_string(number) + mark;
  out += path.substr(best->from.size());
  return out;
}

std::string local_path(const std::vector<PrefixMap>& maps, std::string_view portable) {
  if (portable.empty() || portable.front() != mark) return std::string(portable);
  for (const PrefixMap& map : maps) {
    const std::string name = portable_path(maps, map.from);
    if (portable.starts_with(name)) return map.from + std::string(portable.substr(name.size()));
  }
  return std::string(portable);
}

bool is_generated(const std::vector<PrefixMap>& maps, std::string_view path) {
  return std::ranges::any_of(maps, [&](const PrefixMap& map) {
    return (map.to == work_of_go || map.to == question_of_cgo) && below(path, map.from);
  });
}

std::vector<std::string> with_seed(std::vector<std::string> argv, std::string_view seed) {
  for (std::string& arg : argv) {
    if (arg.starts_with(seed_flag)) arg = std::string(seed_flag) + std::string(seed);
  }
  return argv;
}

}  // namespace tenon
