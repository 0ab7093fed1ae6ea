#include "link/closure/findings.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/shell_word.h"
#include "base/text.h"
#include "diag/catalog.h"
#include "diag/codes.h"
#include "diag/finding.h"
#include "link/closure/answer.h"
#include "link/closure/closure.h"
#include "link/closure/line.h"
#include "link/closure/order.h"
#include "link/index/library_index.h"
#include "link/index/symbol_names.h"

namespace tenon::link {
namespace {

constexpr std::size_t most_unresolved = 8;

class Judge {
 public:
  Judge(const Answer& answer, const FindingContext& context)
      : answer_(answer), context_(context), index_(*context.index) {}

  std::vector<Finding> run() {
    states();
    unresolved();
    if (answer_.mode == Mode::static_only) not_static();
    if (answer_.mode == Mode::hybrid) left_shared();
    set_aside();
    held_twice();
    defined_twice();
    return std::move(out_);
  }

 private:
  void states() {
    for (const NamedState& one : answer_.named) {
      if (one.found == FoundAs::wrong_machine) {
        out_.push_back(make_finding(
            Code::link_wrong_architecture,
            {{"path", one.path}, {"reason", one.why}, {"target", context_.target}}, one.path));
      } else if (one.found == FoundAs::unreadable) {
        out_.push_back(make_finding(Code::link_unreadable_library,
                                    {{"path", one.path}, {"reason", one.why}}, one.path));
      }
    }
  }

  void unresolved() {
    const auto& missing = answer_.ordered.closure.missing;
    for (std::size_t i = 0; i < std::min(missing.size(), most_unresolved); ++i) {
      const Need& need = missing[i].need;
      const std::string symbol(index_.names.text(need.symbol));
      out_.push_back(make_finding(Code::link_unresolved,
                                  {{"needer", needer_text(index_, need)}, {"symbol", symbol}},
                                  symbol));
    }
  }

  void add_evidence(Finding& finding, const Absent& absent) const {
    for (const Need& need : absent.needs) {
      finding.evidence.push_back({Evidence::Kind::file, needer_text(index_, need),
                                  fmt::format("needs {}", index_.names.text(need.symbol))});
    }
    if (!absent.origin.empty()) {
      finding.evidence.push_back({Evidence::Kind::file, absent.origin, "names -l" + absent.name});
    }
  }

  void add_package_fix(Finding& finding, const std::vector<std::string>& packages) const {
    if (packages.empty() || context_.sysroot_name.empty()) return;
    ShellCommand command{"tenon", "sysroot", ShellWord::of(context_.sysroot_name)};
    for (const std::string& one : packages) command.push_back(ShellWord::of(one));
    finding.fixes.insert(finding.fixes.begin(),
                         {Fix::Safety::review, "add the packages with the archives", {command}});
  }

  // One that is not there at all may have what is missing.
  [[nodiscard]] static bool stands_in_the_way(const Absent& one) {
    return !one.needs.empty() || one.shared.empty();
  }

  void not_static() {
    std::vector<std::string> names, packages;
    const bool blocked =
        !answer_.ordered.closure.missing.empty() ||
        std::ranges::any_of(answer_.absent, [](const Absent& one) { return !one.needs.empty(); });
    if (!blocked) return;
    for (const Absent& one : answer_.absent) {
      if (!stands_in_the_way(one)) continue;
      names.push_back(one.name);
      if (one.package.state == PackageOfArchive::State::named) {
        packages.push_back(one.package.package);
      }
    }
    if (names.empty()) return;
    Finding finding = make_finding(
        Code::link_not_static,
        {{"count", std::to_string(names.size())}, {"names", join(names, ", ")}}, names.front());
    for (const Absent& one : answer_.absent) {
      if (!stands_in_the_way(one)) continue;
      finding.evidence.push_back({Evidence::Kind::fact, "lib" + one.name, package_text(one)});
      add_evidence(finding, one);
    }
    std::ranges::sort(packages);
    packages.erase(std::ranges::unique(packages).begin(), packages.end());
    add_package_fix(finding, packages);
    out_.push_back(std::move(finding));
  }

  void left_shared() {
    for (const Absent& one : answer_.absent) {
      if (one.needs.empty() || one.demoted) continue;
      Finding finding =
          make_finding(Code::link_left_shared,
                       {{"library", one.shared}, {"reason", package_text(one)}}, one.name);
      add_evidence(finding, one);
      if (one.package.state == PackageOfArchive::State::named) {
        add_package_fix(finding, {one.package.package});
      }
      out_.push_back(std::move(finding));
    }
  }

  void set_aside() {
    for (const Demoted& one : answer_.ordered.closure.demoted) {
      const std::string& file = index_.libraries[one.archive].file;
      const std::string reason = aside_reason(one);
      out_.push_back(make_finding(Code::link_archive_set_aside,
                                  {{"archive", file}, {"reason", reason}}, file));
    }
  }

  [[nodiscard]] std::string aside_reason(const Demoted& one) const {
    const std::string symbol(index_.names.text(one.because.symbol));
    const std::string other =
        one.because.library < 0 ? std::string("the program") : file_of(one.because.library);
    switch (one.why) {
      case Demoted::Why::defined_twice: return fmt::format("{} defines {} as well", other, symbol);
      case Demoted::Why::exchanged:
        return fmt::format(
            "the program uses {} too, which loads it, and two copies would not know "
            "each other",
            other);
      case Demoted::Why::missing: break;
    }
    return fmt::format("{} needs {}, which no library has", needer_text(index_, one.because),
                       symbol);
  }

  [[nodiscard]] const std::string& file_of(std::int64_t library) const {
    return index_.libraries[static_cast<std::size_t>(library)].file;
  }

  void held_twice() {
    for (const HeldTwice& one : answer_.twice) {
      out_.push_back(make_finding(
          Code::link_held_twice,
          {{"library", one.name}, {"through", one.through}, {"shared", one.shared}}, one.name));
    }
  }

  void defined_twice() {
    std::map<std::pair<std::int64_t, std::int64_t>, std::pair<std::size_t, SymbolId>> pairs;
    for (const Twice& one : answer_.ordered.replayed.twice) {
      auto& [count, symbol] = pairs[{one.first, one.second}];
      if (count++ == 0) symbol = one.symbol;
    }
    const auto name = [&](std::int64_t library) {
      return library < 0 ? std::string("the program")
                         : index_.libraries[static_cast<std::size_t>(library)].file;
    };
    for (const auto& [pair, seen] : pairs) {
      Finding finding = make_finding(Code::link_defined_twice,
                                     {{"count", std::to_string(seen.first)},
                                      {"first", name(pair.first)},
                                      {"second", name(pair.second)},
                                      {"symbol", std::string(index_.names.text(seen.second))}},
                                     name(pair.second));
      if (context_.duplicates) finding.severity = Severity::note;
      out_.push_back(std::move(finding));
    }
  }

  const Answer& answer_;
  const FindingContext& context_;
  const LibraryIndex& index_;
  std::vector<Finding> out_;
};

}  // namespace

std::string package_text(const Absent& absent) {
  if (absent.demoted) return "its archive cannot be used";
  switch (absent.package.state) {
    case PackageOfArchive::State::named:
      return fmt::format("lib{}.a is in the package {}", absent.name, absent.package.package);
    case PackageOfArchive::State::none:
      return fmt::format("no package of the distribution has lib{}.a", absent.name);
    case PackageOfArchive::State::not_asked: break;
  }
  return fmt::format("lib{}.a is not in the sysroot", absent.name);
}

std::vector<Finding> findings_of(const Answer& answer, const FindingContext& context) {
  return Judge(answer, context).run();
}

}  // namespace tenon::link
