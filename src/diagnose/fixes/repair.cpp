#include "diagnose/fixes/repair.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <iterator>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/shell_word.h"
#include "base/template.h"
#include "base/text.h"
#include "diagnose/causes/causes.h"
#include "diagnose/failures/failure_class.h"
#include "diagnose/failures/failures.h"
#include "diagnose/failures/fix_facts.h"
#include "diagnose/fixes/env_setting.h"
#include "diagnose/fixes/missing_file.h"
#include "diagnose/fixes/module_name.h"
#include "diagnose/fixes/named_settings.h"
#include "diagnose/fixes/target_compiler.h"
#include "diagnose/log.h"
#include "platform/contents.h"

namespace tenon {
namespace {

using Words = std::vector<std::string>;

bool one_of(std::string_view name, auto... names) { return ((name == names) || ...); }

// A fresh folder helps where these point to one that does not work.
bool is_scratch(std::string_view name) {
  return one_of(name, "GOCACHE", "GOTMPDIR", "GOMODCACHE", "TMPDIR", "ZIG_GLOBAL_CACHE_DIR",
                "ZIG_LOCAL_CACHE_DIR");
}

bool is_program(std::string_view name) { return one_of(name, "CC", "CXX", "AR", "PKG_CONFIG"); }

// A name may come out of a log, which strangers have a part in. For a package manager a path is a
// package of its own, a last '-' removes one, and '=', '/' and '*' choose another.
bool is_package_name(std::string_view word) {
  const auto plain = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view("+._@-").contains(c);
  };
  return !word.empty() && !word.ends_with('-') && !word.starts_with('.') &&
         std::ranges::all_of(word, plain);
}

// What glibc has outside of libc.so, or has had until 2.34.
std::string_view library_of_symbol(std::string_view symbol) {
  while (!symbol.empty() && std::string_view("`'\"").contains(symbol.front()))
    symbol.remove_prefix(1);
  while (!symbol.empty() && std::string_view("`'\"").contains(symbol.back()))
    symbol.remove_suffix(1);
  constexpr auto mathematics = std::to_array<std::string_view>(
      {"acos", "acosh", "asin",  "asinh", "atan",  "atan2", "atanh", "cbrt",  "ceil", "cos",
       "cosh", "exp",   "exp2",  "fabs",  "floor", "fmod",  "log",   "log10", "log2", "lround",
       "pow",  "rint",  "round", "sin",   "sinh",  "sqrt",  "tan",   "tanh",  "trunc"});
  if (std::ranges::find(mathematics, symbol) != mathematics.end()) return "-lm";
  if (one_of(symbol, "dlopen", "dlsym", "dlclose", "dlerror")) return "-ldl";
  if (symbol.starts_with("pthread_")) return "-lpthread";
  return one_of(symbol, "clock_gettime", "shm_open", "timer_create") ? "-lrt" : "";
}

std::string_view first_word(std::string_view text) {
  const auto words = split_words(text);
  return words.empty() ? std::string_view() : words.front();
}

// One command of a cause, turned into a repair piece by piece. Each step says whether it can be
// done here.
class Translation {
 public:
  // `lines`: those of the failure. A name of a module has to stand in them.
  Translation(const RepairMachine& machine, const Environment& now, RepairsAllowed allowed,
              std::string lines)
      : machine_(machine), now_(now), allowed_(allowed), lines_(std::move(lines)) {}

  // Nothing where the command does not help here.
  std::optional<Repair> of(const ShellCommand& command, const ShellCommand* before) {
    out_ = {};
    const FixFacts facts = fix_facts(command);
    if (facts.destructive || !is_complete(command)) return std::nullopt;
    for (const auto& [name, value] : facts.env) {
      const bool done = value.empty() ? reset(name) : give(name, value);
      if (!done) return std::nullopt;
    }
    if (!argv(facts, before) || out_.empty()) return std::nullopt;
    return std::move(out_);
  }

  std::optional<Repair> package(const std::string& name) {
    out_ = {};
    const std::string_view verb = machine_.packager == "apk" ? "add" : "install";
    if (!install({machine_.packager, std::string(verb), name})) return std::nullopt;
    return std::move(out_);
  }

  // Whether the C tools are to work for another machine.
  [[nodiscard]] bool is_cross() const { return target() != machine_.goos + "/" + machine_.goarch; }

  // The target's own compiler; `installed`: with its packages.
  std::optional<Repair> cross(bool installed) {
    out_ = {};
    const std::string name = target();
    const std::size_t slash = name.find('/');
    const auto known = target_compiler(name.substr(0, slash), name.substr(slash + 1));
    if (!known) return std::nullopt;
    if (installed ? !install_debian(known->packages) : !machine_.has_program(known->cc))
      return std::nullopt;
    if (first_word(value("CC")) != known->cc) give_whole("CC", known->cc);
    if (first_word(value("CXX")) != known->cxx) give_whole("CXX", known->cxx);
    give_whole("CGO_ENABLED", "1");
    if (out_.empty()) return std::nullopt;
    return std::move(out_);
  }

  // Tells where a file is.
  std::optional<Repair> folder(const SoughtFile& file) {
    using enum SoughtFile::Kind;
    out_ = {};
    const std::string found = machine_.folder_of(file);
    if (found.empty() || found.find_first_of(" \t'\":") != std::string::npos) return std::nullopt;
    if (file.kind == header) give("CGO_CPPFLAGS", "-I" + found);
    if (file.kind == library) give("CGO_LDFLAGS", "-L" + found);
    if (file.kind == pc) give("PKG_CONFIG_PATH", found);
    if (file.kind == loaded) give("LD_LIBRARY_PATH", found);
    if (out_.empty()) return std::nullopt;
    return std::move(out_);
  }

  // A part of the C library that a static link has to name.
  std::optional<Repair> system_library(std::string_view symbol) {
    out_ = {};
    const std::string_view flag = library_of_symbol(symbol);
    if (flag.empty() || !give("CGO_LDFLAGS", flag) || out_.empty()) return std::nullopt;
    return std::move(out_);
  }

  // A workspace that is broken does not stand before the module itself.
  std::optional<Repair> without_workspace() {
    out_ = {};
    if (!lines_.contains("go.work")) return std::nullopt;
    give_whole("GOWORK", "off");
    if (out_.empty()) return std::nullopt;
    return std::move(out_);
  }

  // What apt-file needs before it can be asked.
  std::optional<Repair> package_index() {
    out_ = {};
    if (machine_.packager != "apt-get" || !allowed_.unsafe) return std::nullopt;
    if (!machine_.has_program("apt-file") && !install({"apt-get", "install", "apt-file"}))
      return std::nullopt;
    if (!machine_.root && !machine_.sudo) return std::nullopt;
    Words lists = as_root();
    lists.insert(lists.end(), {"apt-file", "update"});
    out_.commands.push_back(std::move(lists));
    out_.changes = Changes::packages;
    return std::move(out_);
  }

  std::optional<Repair> without(const NamedSetting& named) {
    out_ = {};
    const bool done = named.left ? give_whole(named.name, *named.left) : reset(named.name);
    if (!done || out_.empty()) return std::nullopt;
    return std::move(out_);
  }

 private:
  [[nodiscard]] std::string value(const std::string& name) const {
    if (const EnvSetting* set = find(now_, name)) return set->value.value_or("");
    return machine_.value_of(name);
  }

  // What holds for a name of go itself, from the environment or the file of `go env -w`.
  [[nodiscard]] std::string setting(const std::string& name, const std::string& usual) const {
    const EnvSetting* set = find(now_, name);
    if (set != nullptr && set->value) return *set->value;
    const auto found = std::ranges::find(machine_.settings, name, &MachineSetting::name);
    return found == machine_.settings.end() ? usual : found->value;
  }

  [[nodiscard]] std::string target() const {
    return setting("GOOS", machine_.goos) + "/" + setting("GOARCH", machine_.goarch);
  }

  bool install_debian(const Words& packages) {
    if (machine_.packager != "apt-get" || packages.empty()) return false;
    Words words{"apt-get", "install"};
    words.insert(words.end(), packages.begin(), packages.end());
    return install(std::move(words));
  }

  bool give_whole(const std::string& name, std::string whole) {
    if (whole != value(name)) set(out_.env, {name, std::move(whole)});
    return true;
  }

  bool give(const std::string& name, std::string_view wanted) {
    if (has_placeholder(wanted)) {
      if (!is_scratch(name)) return false;
      std::string folder = machine_.new_folder(one_of(name, "GOTMPDIR", "TMPDIR"));
      out_.fresh.push_back(name);
      return !folder.empty() && give_whole(name, std::move(folder));
    }
    // By name, from PATH: a path in a log may lead to a file of a module.
    const std::string_view program = first_word(wanted);
    if (is_program(name) && (program.contains('/') || !machine_.has_program(program))) return false;
    return give_whole(name, joined(join_of(name), value(name), wanted));
  }

  // The settings of `go env -w` that are not asked for, kept where the file itself is not read.
  bool without_file(const std::string& name) {
    set(out_.env, {"GOENV", "off"});
    for (const auto& one : machine_.settings) {
      if (one.place == MachineSetting::Place::file && one.name != name &&
          find(now_, one.name) == nullptr)
        set(out_.env, {one.name, one.value});
    }
    return true;
  }

  // Takes a value away where it stands.
  bool reset(const std::string& name) {
    if (needs_unsafe(name) && !allowed_.unsafe) return false;
    const auto found = std::ranges::find(machine_.settings, name, &MachineSetting::name);
    const EnvSetting* ours = find(now_, name);
    if (found == machine_.settings.end() || (ours != nullptr && !ours->value)) return true;
    if (found->place == MachineSetting::Place::environment) {
      set(out_.env, {name, std::nullopt});
      return true;
    }
    out_.resets.push_back(name);
    std::string usual = machine_.default_of(name);
    return usual.empty() ? without_file(name) : give_whole(name, std::move(usual));
  }

  bool argv(const FixFacts& facts, const ShellCommand* before) {
    const Words& words = facts.argv;
    if (words.empty()) return true;
    if (words[0] == "go") return of_go(words);
    if (words[0] == "tenon") return of_tenon(words, before);
    if (facts.changes == Changes::packages) return install(words);
    return !facts.env.empty() && one_of(changes_name(facts.changes), "this command", "nothing");
  }

  // What decides where code comes from is a person's to change.
  static bool needs_unsafe(std::string_view name) {
    return one_of(name, "GOPROXY", "GOTOOLCHAIN", "GOSUMDB", "GOPRIVATE", "GONOSUMDB", "GONOPROXY",
                  "GOVCS", "GOINSECURE");
  }

  bool of_go(const Words& words) {
    const std::string_view verb =
        words.size() > 1 ? std::string_view(words[1]) : std::string_view();
    if (verb == "env") return of_go_env(words);
    if (one_of(verb, "build", "test", "run", "install", "vet")) return options(words);
    if (verb == "clean") return of_go_clean(words);
    if (one_of(verb, "mod", "get")) return of_module(words);
    return !out_.empty();
  }

  bool of_go_env(const Words& words) {
    const std::string_view option =
        words.size() > 2 ? std::string_view(words[2]) : std::string_view();
    if (option != "-u" && option != "-w") return false;
    for (std::size_t i = 3; i < words.size(); ++i) {
      const std::size_t equals = std::min(words[i].find('='), words[i].size());
      const std::string name = words[i].substr(0, equals);
      if (option == "-u" ? !reset(name) : needs_unsafe(name)) return false;
      if (option == "-w" && !give(name, std::string_view(words[i]).substr(equals + 1)))
        return false;
    }
    return true;
  }

  bool of_go_clean(const Words& words) {
    const bool modules = std::ranges::find(words, "-modcache") != words.end();
    return give(modules ? "GOMODCACHE" : "GOCACHE", "DIR");
  }

  // A module that the failure names and that the project uses: never one that only a log names.
  [[nodiscard]] bool is_known_module(const std::string& word) const {
    const std::string path = word.substr(0, word.find('@'));
    return is_module_query(word) && names_module(lines_, path) && machine_.uses_module(path);
  }

  bool of_module(const Words& words) {
    if (!allowed_.unsafe || has_placeholder(words)) return false;
    // It would replace what somebody may have changed there.
    if (words[1] == "mod" && words.size() > 2 && words[2] == "vendor" && machine_.vendored)
      return false;
    const auto known = [&](const std::string& word) {
      return word.starts_with('-') ? word == "-u" : is_known_module(word);
    };
    if (words[1] == "get" && !std::all_of(words.begin() + 2, words.end(), known)) return false;
    out_.commands.push_back(words);
    out_.changes = Changes::files;
    return true;
  }

  // As words of GOFLAGS, which any go command of a script reads.
  bool options(const Words& words) {
    for (std::size_t i = 2; i < words.size(); ++i) {
      std::string word = words[i];
      if (!word.starts_with('-')) continue;
      if (has_placeholder(word)) return false;
      if (one_of(word, "-p", "-tags", "-ldflags", "-gcflags") && i + 1 < words.size())
        word += "=" + words[++i];
      // A quote in a captured word would end the quoting, and what stands behind it be an option.
      if (word.find_first_of("'\"\t\n") != std::string::npos) return false;
      if (word.contains(' ')) word = fmt::format("'{}'", word);
      // What kind of output is asked for stands in the command already.
      const bool asked = one_of(word, "-a", "-race", "-buildmode=c-shared");
      if (!asked && !give("GOFLAGS", word)) return false;
    }
    return true;
  }

  bool of_tenon(const Words& words, const ShellCommand* before) {
    if (words.size() > 1 && words[1] == "rewrite") return of_rewrite(words);
    if (words.size() < 2 || words[1] != "build") return false;
    std::string target, sysroot;
    for (std::size_t i = 2; i + 1 < words.size(); i += 2) {
      if (words[i] == "--target") target = words[i + 1];
      if (words[i] == "--sysroot") sysroot = words[i + 1];
    }
    if (target.empty() || has_placeholder(words)) return false;
    if (!sysroot.empty() && !make_sysroot(before)) return false;
    std::string cc = machine_.own_compiler(target, sysroot, false);
    std::string cxx = machine_.own_compiler(target, sysroot, true);
    if (cc.empty() || cxx.empty()) return false;
    return give_whole("CC", std::move(cc)) && give_whole("CXX", std::move(cxx)) &&
           give_whole("CGO_ENABLED", "1");
  }

  // The cause shows the edits; as a repair they are written. `tenon rewrite --undo` takes them
  // back.
  bool of_rewrite(const Words& words) {
    if (!allowed_.unsafe || has_placeholder(words)) return false;
    out_.commands.push_back(words);
    out_.commands.back().emplace_back("--apply");
    out_.changes = Changes::files;
    return true;
  }

  bool make_sysroot(const ShellCommand* before) {
    if (before == nullptr || !allowed_.unsafe) return false;
    Words words = arguments_of(*before);
    if (words.size() < 4 || words[0] != "tenon" || words[1] != "sysroot") return false;
    out_.commands.push_back(std::move(words));
    out_.changes = Changes::packages;
    return true;
  }

  [[nodiscard]] Words as_root() const { return machine_.root ? Words() : Words{"sudo", "-n"}; }

  bool install(Words words) {
    if (words[0] == "sudo") words.erase(words.begin());
    if (!allowed_.unsafe || words.size() < 3 || words[0] != machine_.packager) return false;
    const bool brew = words[0] == "brew";
    if (!brew && !machine_.root && !machine_.sudo) return false;
    if (has_placeholder(words)) return false;
    if (!std::all_of(words.begin() + 2, words.end(), is_package_name)) return false;
    // What is there helps no more, and must not be removed when this is undone.
    words.erase(std::remove_if(words.begin() + 2, words.end(), machine_.installed), words.end());
    if (words.size() < 3) return false;
    Words start = brew ? Words() : as_root();
    if (words[0] == "apt-get") {
      Words lists = start;
      lists.insert(lists.end(), {"apt-get", "-q", "update"});
      out_.commands.push_back(std::move(lists));
      start.insert(start.end(), {"env", "DEBIAN_FRONTEND=noninteractive"});
    }
    if (!brew && words[0] != "apk") words.insert(words.begin() + 2, "-y");
    start.insert(start.end(), words.begin(), words.end());
    out_.commands.push_back(std::move(start));
    out_.changes = Changes::packages;
    return true;
  }

  const RepairMachine& machine_;
  const Environment& now_;
  RepairsAllowed allowed_;
  std::string lines_;
  Repair out_;
};

// Whether a compiler for another target may have been what failed.
bool is_of_compiler(FailureClass kind) {
  using enum FailureClass;
  constexpr auto kinds =
      std::to_array<FailureClass>({program_missing, c_error, header_missing, library_missing,
                                   option_unknown, file_refused, symbol_undefined, link_failed});
  return std::ranges::find(kinds, kind) != kinds.end();
}

// Those that the package manager names for a file that is missing; where it cannot be asked, what
// it needs first. With apt's index at hand the answer to the next run has the names.
void search_packages(const SoughtFile& file, const Log& log, const RepairMachine& machine,
                     Translation& translation, const auto& add) {
  const bool ask = is_asked_for_later(file);
  const PackageLookup told = ask ? machine.packages_of(file) : log.build.packages;
  for (const PackageOfFile& one : told.found) {
    if (ask) add(translation.package(one.package), {});
  }
  if (!told.source.starts_with("apt's index")) add(translation.package_index(), {});
}

}  // namespace

std::vector<Repair> repairs_of(const Failure& failure, const Log& log, const RepairMachine& machine,
                               const Environment& now, RepairsAllowed allowed) {
  std::vector<Repair> out;
  Translation translation(machine, now, allowed, lines_of(failure, log));
  const auto add = [&](std::optional<Repair> made, std::string_view cause) {
    if (!made) return;
    made->cause = cause;
    if (std::ranges::find(out, *made) == out.end()) out.push_back(*std::move(made));
  };
  const auto file = missing_file(failure);
  if (translation.is_cross()) {
    if (is_of_compiler(failure.kind)) {
      add(translation.cross(false), {});
      add(translation.cross(true), {});
    }
  } else if (file) {
    add(translation.folder(*file), {});
  }
  for (const Candidate& candidate : failure.causes) {
    const ShellCommand* before = nullptr;
    for (const ShellCommand& command : candidate.commands) {
      add(translation.of(command, before), candidate.cause->slug);
      before = &command;
    }
  }
  for (const NamedSetting& named : named_settings(failure, log, machine.settings))
    add(translation.without(named), {});
  add(translation.without_workspace(), {});
  if (failure.kind == FailureClass::symbol_undefined)
    add(translation.system_library(capture(failure.names, "name")), {});
  for (const NamedSetting& lookup : lookup_settings(failure, machine.settings))
    add(translation.without(lookup), {});
  if (file && allowed.unsafe) search_packages(*file, log, machine, translation, add);
  return out;
}

bool operator==(const Repair& one, const Repair& other) {
  const auto without_folders = [](const Repair& repair) {
    Environment out = repair.env;
    for (const std::string& name : repair.fresh) set(out, {name, ""});
    return out;
  };
  return one.commands == other.commands && without_folders(one) == without_folders(other);
}

std::vector<std::string> packages_of(const Repair& repair) {
  if (repair.changes != Changes::packages || repair.commands.empty()) return {};
  const Words& words = repair.commands.back();
  const auto verb = std::ranges::find_if(
      words, [](const std::string& word) { return word == "install" || word == "add"; });
  if (verb == words.end()) return {};
  Words out(verb + 1, words.end());
  std::erase(out, "-y");
  return out;
}

std::vector<std::string> shell_lines(const Environment& environment) {
  Words out;
  for (const EnvSetting& one : environment) {
    out.push_back(one.value ? fmt::format("export {}={}", one.name, shell_quote(*one.value))
                            : "unset " + one.name);
  }
  return out;
}

std::vector<std::string> shell_lines(const Repair& repair) {
  Words out;
  for (const auto& command : repair.commands) out.push_back(shell_join(command));
  std::ranges::move(shell_lines(repair.env), std::back_inserter(out));
  return out;
}

}  // namespace tenon
