// Causes of compilers, cgo, Go and other targets.
#include <fmt/format.h>

#include <string>
#include <string_view>
#include <vector>

#include "base/fact.h"
#include "machine/doctor/answer.h"
#include "machine/doctor/doctor.h"
#include "machine/doctor/judgement.h"
#include "platform/platforms.h"

namespace tenon::decide {

using namespace doctor;

// ---- the C compiler

Answer no_compiler(const Question& q) {
  const TextFact& program = q.snapshot.compiler.program;
  if (program.known()) return no(fact(program.source, program.value));
  if (program.state == FactState::unknown) return open("C compiler", program.why);
  const Setting* cc = active(q.snapshot, "CC");
  if (cc != nullptr) return no(setting_fact(*cc));
  return yes(fact(program.source, "no program of the name " + q.snapshot.compiler.command.value));
}

Answer cc_missing(const Question& q) {
  const Setting* cc = active(q.snapshot, "CC");
  if (cc == nullptr) {
    if (!q.snapshot.settings.list.known()) return settings_open(q.snapshot);
    return no(fact(q.snapshot.settings.list.source, "CC is not set"));
  }
  const TextFact& program = q.snapshot.compiler.program;
  if (program.known()) return no(fact(program.source, program.value));
  if (program.state == FactState::unknown) return open("C compiler", program.why);
  return misquoted(cc->value) ? no(setting_fact(*cc)) : yes(setting_fact(*cc));
}

Answer cc_blanks(const Question& q) {
  const Setting* cc = active(q.snapshot, "CC");
  if (cc == nullptr) {
    if (!q.snapshot.settings.list.known()) return settings_open(q.snapshot);
    return no(fact(q.snapshot.settings.list.source, "CC is not set"));
  }
  const TextFact& program = q.snapshot.compiler.program;
  return either(program.state == FactState::absent && misquoted(cc->value), setting_fact(*cc));
}

static Answer libc_files(const Question& q, std::string_view libc) {
  const SystemState& system = q.snapshot.system;
  if (on_mac(q.snapshot)) return other_system(q.snapshot);
  if (system.libc.known() && system.libc.value != libc) {
    return no(fact(system.libc.source, system.libc.value));
  }
  const CompilerState& compiler = q.snapshot.compiler;
  if (compiler.program.state == FactState::absent) {
    return no(fact(compiler.program.source, "there is no compiler"));
  }
  for (const FlagFact* flag : {&compiler.headers, &compiler.start_files}) {
    if (flag->known() && !flag->value) return yes(fact(flag->source, "not there"));
  }
  if (compiler.headers.known() && compiler.start_files.known()) {
    return no(fact(compiler.headers.source, "there"));
  }
  return open("C library", compiler.headers.why);
}

Answer musl_files(const Question& q) { return libc_files(q, "musl"); }
Answer glibc_files(const Question& q) { return libc_files(q, "glibc"); }

Answer not_apples(const Question& q) {
  if (!on_mac(q.snapshot)) return other_system(q.snapshot);
  const TextFact& kind = q.snapshot.compiler.kind;
  if (!kind.known()) return open("C compiler", kind.why);
  const bool apple = kind.value == "apple clang" || kind.value == "zig";
  return either(!apple, fact(kind.source, q.snapshot.compiler.program.value + ": " + kind.value));
}

// ---- cgo on or off

Answer off_without_compiler(const Question& q) {
  const Decision cgo = cgo_decision(q.snapshot);
  if (cgo.value.empty()) return open("CGO_ENABLED", cgo.rule);
  const bool blamed = cgo.value == "0" && cgo.where == "default" && cgo.rule.contains("on PATH");
  return either(blamed, fact("CGO_ENABLED", cgo.value + ": " + cgo.rule));
}

Answer off_by_setting(const Question& q) {
  const Setting* set = active(q.snapshot, "CGO_ENABLED");
  if (set != nullptr && (set->value == "0" || set->value == "1")) {
    return either(set->value == "0", setting_fact(*set));
  }
  return open("CGO_ENABLED", "set nowhere; a command line can set it");
}

Answer off_by_platform(const Question& q) {
  const Setting* set = active(q.snapshot, "CGO_ENABLED");
  if (set != nullptr && (set->value == "0" || set->value == "1")) return no(setting_fact(*set));
  if (const Setting* other = other_platform(q.snapshot)) return yes(setting_fact(*other));
  return open("GOOS, GOARCH", "those of this machine; a command line can set them");
}

Answer platform_persisted(const Question& q) {
  if (const Setting* other = other_platform(q.snapshot)) return yes(setting_fact(*other));
  if (!q.snapshot.settings.list.known()) return settings_open(q.snapshot);
  return no(fact(q.snapshot.settings.list.source, "GOOS and GOARCH are those of this machine"));
}

Answer cgo_is_off(const Question& q) {
  const Decision cgo = cgo_decision(q.snapshot);
  if (cgo.value.empty()) return open("CGO_ENABLED", cgo.rule);
  return either(cgo.value == "0", fact("CGO_ENABLED", cgo.value + ": " + cgo.rule));
}

// The program that fails may have been built elsewhere.
Answer stub(const Question& q) {
  Answer answer = cgo_is_off(q);
  if (answer.support == Support::contradicted) answer.support = Support::unknown;
  return answer;
}

// ---- Go

static Answer go_arch(const Question& q, bool mac) {
  if (on_mac(q.snapshot) != mac) return other_system(q.snapshot);
  const GoInstall* go = first_go(q.snapshot);
  if (go == nullptr || go->goarch.empty()) return open("go", "its architecture is not known");
  const std::string& own = q.snapshot.system.goarch;
  if (mac && own != "arm64") return no(fact("processor", own));
  const bool other = go->goarch != own && go->goarch != "universal";
  return either(other,
                fact(go->program, fmt::format("for {}, but the machine is {}", go->goarch, own)));
}

Answer intel_go(const Question& q) { return go_arch(q, true); }
Answer foreign_go(const Question& q) { return go_arch(q, false); }

Answer go_before_arm64(const Question& q) {
  const GoInstall* go = first_go(q.snapshot);
  const unsigned minor = go == nullptr ? 0 : go_minor(go->version);
  if (minor == 0) return open("go", "its release is not known");
  return either(minor < 16, fact(go->program, go->version));
}

Answer mixed(const Question& q) {
  const ListFact& stale = q.snapshot.go.stale_files;
  if (!stale.known()) return open("GOROOT", stale.why);
  if (stale.value.empty()) return open(stale.source, "none of the old files that are known");
  return yes(fact(stale.source, stale.value.front()));
}

Answer wrong_root(const Question& q) {
  if (!q.snapshot.settings.list.known()) return settings_open(q.snapshot);
  const Setting* set = active(q.snapshot, "GOROOT");
  if (set == nullptr) return no(fact(q.snapshot.settings.list.source, "GOROOT is not set"));
  const GoInstall* go = first_go(q.snapshot);
  if (!set->value.starts_with('/')) return yes(setting_fact(*set));
  if (go == nullptr || go->root.empty()) return open("GOROOT", "that of go is not known");
  return either(!same_folder(set->value, go->root), setting_fact(*set));
}

Answer roots_swapped(const Question& q) {
  if (!q.snapshot.settings.list.known()) return settings_open(q.snapshot);
  const Setting* root = active(q.snapshot, "GOROOT");
  const Setting* path = active(q.snapshot, "GOPATH");
  const GoInstall* go = first_go(q.snapshot);
  if (path == nullptr) return no(fact(q.snapshot.settings.list.source, "GOPATH is not set"));
  const bool same = (root != nullptr && same_folder(root->value, path->value)) ||
                    (go != nullptr && !go->root.empty() && same_folder(path->value, go->root));
  return either(same, setting_fact(*path));
}

Answer too_old(const Question& q) {
  const GoInstall* go = first_go(q.snapshot);
  const unsigned have = go == nullptr ? 0 : go_minor(go->version);
  const unsigned need = go_minor(q.snapshot.project.go.value);
  if (have == 0 || need == 0) return open("go.mod", "its release, or that of go, is not known");
  return either(need > have, fact("go.mod", fmt::format("go {}, {} is here",
                                                        q.snapshot.project.go.value, go->version)));
}

Answer gccgo(const Question& q) {
  for (const GoInstall& one : q.snapshot.go.installs.value) {
    if (one.gccgo) return yes(fact(one.program, "gccgo"));
  }
  return open("PATH", "no gccgo; the program may have been built elsewhere");
}

// ---- other targets

Answer foreign_compiler(const Question& q) {
  const CompilerState& compiler = q.snapshot.compiler;
  if (!compiler.target.known()) return open("C compiler", compiler.target.why);
  const std::string_view made = goarch_of(compiler.target.value);
  const GoInstall* go = first_go(q.snapshot);
  const Setting* set = active(q.snapshot, "GOARCH");
  std::string_view wanted;
  if (set != nullptr) {
    wanted = set->value;
  } else if (go != nullptr) {
    wanted = go->goarch;
  }
  if (made.empty() || wanted.empty()) return open("C compiler", "its target is not known");
  return either(
      made != wanted && made != q.snapshot.system.goarch,
      fact(compiler.target.source, fmt::format("{}, GOARCH is {}", compiler.target.value, wanted)));
}

Answer host_compiler(const Question& q) {
  const Setting* other = other_platform(q.snapshot);
  if (other == nullptr) {
    return open("GOOS, GOARCH", "those of this machine; a command line can set them");
  }
  const CompilerState& compiler = q.snapshot.compiler;
  if (!compiler.target.known()) return open("C compiler", compiler.target.why);
  const bool host = fits_host(q.snapshot, compiler.target.value);
  return either(host, fact(compiler.target.source, fmt::format("{}, {}={}", compiler.target.value,
                                                               other->name, other->value)));
}

Answer bare_metal(const Question& q) {
  const TextFact& target = q.snapshot.compiler.target;
  if (!target.known()) return open("C compiler", target.why);
  return either(is_bare_metal(target.value), fact(target.source, target.value));
}

Answer no_cxx(const Question& q) {
  const TextFact& target = q.snapshot.compiler.target;
  if (const Setting* cxx = active(q.snapshot, "CXX")) return no(setting_fact(*cxx));
  if (!target.known()) return open("C compiler", target.why);
  if (fits_host(q.snapshot, target.value)) return open("CC", "for this machine");
  return yes(fact(target.source, target.value + ", and CXX is not set"));
}

Answer cross_libc(const Question& q) {
  for (const CrossCompiler& one : q.snapshot.engines.cross.value) {
    if (one.libc.known() && !one.libc.value) return yes(fact(one.libc.source, "not there"));
  }
  return open("cross compilers", "their C library is there; other libraries are not looked for");
}

static Answer goos_on(const Question& q, std::string_view goos, std::string_view host) {
  if (q.snapshot.system.goos.empty()) return open("system", "");
  if (!host.empty() && q.snapshot.system.goos != host) return other_system(q.snapshot);
  const Setting* set = active(q.snapshot, "GOOS");
  if (set != nullptr) return either(set->value == goos, setting_fact(*set));
  return open("GOOS", "set nowhere; a command line can set it");
}

Answer mac_from_linux(const Question& q) { return goos_on(q, "darwin", "linux"); }
Answer linux_from_mac(const Question& q) { return goos_on(q, "linux", "darwin"); }
Answer windows_without_mingw(const Question& q) {
  const TextFact& target = q.snapshot.compiler.target;
  if (target.known() && target.value.contains("mingw"))
    return no(fact(target.source, target.value));
  return goos_on(q, "windows", {});
}

}  // namespace tenon::decide
