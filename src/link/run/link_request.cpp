#include "link/run/link_request.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <expected>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/path.h"
#include "base/result.h"
#include "base/text.h"
#include "diag/catalog.h"
#include "diag/codes.h"
#include "diag/finding.h"
#include "diag/progress.h"
#include "host/mapping.h"
#include "link/closure/answer.h"
#include "link/closure/closure.h"
#include "link/closure/findings.h"
#include "link/closure/given.h"
#include "link/closure/line.h"
#include "link/index/library.h"
#include "link/index/library_index.h"
#include "link/index/read_library.h"
#include "link/pc/fragment.h"
#include "link/pc/problem.h"
#include "link/pc/settings.h"
#include "link/pc/solver.h"
#include "link/query/cross.h"
#include "link/run/archive_packages.h"
#include "link/run/homebrew.h"
#include "link/run/index_folders.h"
#include "link/run/linker_folders.h"
#include "link/run/machine_files.h"
#include "platform/target.h"

namespace tenon::link {
namespace {

class Clock {
 public:
  // Microseconds since the last call.
  std::int64_t lap() {
    const auto now = std::chrono::steady_clock::now();
    const auto spent = std::chrono::duration_cast<std::chrono::microseconds>(now - last_);
    last_ = now;
    return spent.count();
  }

 private:
  std::chrono::steady_clock::time_point last_ = std::chrono::steady_clock::now();
};

// "libgit2.pc:11 Libs.private", and who requires the module.
std::string module_line_text(const pc::Origin& origin) {
  std::string out = fmt::format("{}:{} {}", base_name(origin.file), origin.line, origin.field);
  for (auto step = origin.path.rbegin(); step != origin.path.rend(); ++step) {
    out += fmt::format(", {} of {}:{}", step->field, base_name(step->file), step->line);
  }
  return out;
}

void add_problems(const pc::Problems& problems, std::vector<Finding>& out) {
  for (const pc::Problem& one : problems) {
    const std::string reason = join(
        [&] {
          std::vector<std::string> lines;
          for (const std::string_view line : split(trim(one.text), '\n')) {
            if (!trim(line).empty()) lines.emplace_back(trim(line));
          }
          return lines;
        }(),
        " ");
    Finding finding = make_finding(Code::link_modules, {{"reason", reason}}, one.module);
    finding.severity = one.error ? Severity::error : Severity::warning;
    out.push_back(std::move(finding));
  }
}

class Maker {
 public:
  Maker(const LinkRequest& request, Progress& progress) : request_(request), progress_(progress) {}

  Outcome<LinkResult> run() {
    if (request_.target.darwin())
      homebrew_ = homebrew_folders(request_.sysroot, *request_.target.platform);
    read_modules();
    if (!out_.modules_ok) return std::move(out_);
    out_.times.modules_us = clock_.lap();
    read_libraries();
    out_.times.index_us = clock_.lap();
    TENON_TRY(read_objects());
    TENON_TRY(choose_whole());
    clock_.lap();
    out_.answer = answer(*out_.index, out_.request, out_.given, dialect());
    out_.times.solve_us = clock_.lap();
    find_packages(request_.archive_list, request_.sysroot_name, request_.target,
                  out_.answer.absent);
    const FindingContext context{out_.index.get(), request_.target.name(), request_.sysroot_name,
                                 request_.duplicates};
    for (Finding& one : findings_of(out_.answer, context)) {
      out_.findings.push_back(std::move(one));
    }
    return std::move(out_);
  }

 private:
  // glibc with gcc has libstdc++; zig, macOS and FreeBSD have libc++.
  [[nodiscard]] Dialect dialect() const {
    const bool gnu = request_.target.libc == Libc::glibc && !request_.zig;
    return {gnu ? "-lstdc++" : "-lc++", request_.sysroot, gnu, !request_.target.darwin()};
  }

  void read_modules() {
    std::vector<GivenFlag> flags = request_.flags;
    if (!request_.modules.empty()) {
      pc::Settings settings =
          pc::sysroot_settings(request_.sysroot, request_.target.platform->debian);
      settings.link_static = settings.merge_private = true;
      settings.require_private = false;
      settings.folders.insert(settings.folders.end(), homebrew_.modules.begin(),
                              homebrew_.modules.end());
      MachineFiles files;
      const pc::Solution solution = pc::solve(request_.modules, settings, files);
      add_problems(solution.problems, out_.findings);
      const pc::Problems leaks =
          pc::find_links_outside(solution.packages, solution.libs, request_.sysroot, files);
      add_problems(leaks, out_.findings);
      out_.modules_ok = solution.ok && leaks.empty();
      for (const pc::Fragment& one : solution.libs) {
        flags.push_back({one.words(), module_line_text(one.origin),
                         one.origin.path.empty() && one.origin.field == "Libs"});
      }
    }
    out_.given = take_apart(flags);
  }

  void read_libraries() {
    const LinkerFolders where = linker_folders(request_.driver, request_.target, request_.sysroot);
    out_.driver = where.driver;
    IndexRequest wanted;
    wanted.platform = request_.target.platform;
    wanted.folders = out_.given.folders;
    wanted.folders.insert(wanted.folders.end(), homebrew_.libraries.begin(),
                          homebrew_.libraries.end());
    wanted.folders.insert(wanted.folders.end(), where.folders.begin(), where.folders.end());
    if (!request_.target.darwin()) wanted.below = {request_.sysroot + "/usr/lib"};
    wanted.use_cache = request_.use_cache;
    out_.index = std::make_unique<LibraryIndex>(index_folders(wanted, progress_, out_.cost));
    leave_to_the_system();
  }

  // Libraries of the system that modules name: -lz and -lresolv on macOS. What the sysroot has
  // itself comes first.
  void leave_to_the_system() {
    std::erase_if(out_.given.libraries, [&](const GivenLibrary& one) {
      const bool known = std::ranges::find(request_.system, one.name) != request_.system.end();
      if (!known || out_.index->look_up(one.name).found != FoundAs::absent) return false;
      out_.given.others.push_back({{"-l" + one.name}, one.origin, one.own});
      return true;
    });
  }

  Outcome<void> read_objects() {
    for (const std::string& path : request_.objects) {
      const auto refuse = [&](std::string_view why) {
        return std::unexpected(make_finding(Code::link_unreadable_library,
                                            {{"path", path}, {"reason", std::string(why)}}, path));
      };
      const auto file = map_file(path);
      if (!file) return refuse(file.error().what);
      auto object = std::make_unique<Library>();
      object->file = path;
      read_object(file->view(), *request_.target.platform, out_.index->names, *object);
      if (object->state != LibraryState::usable) return refuse(object->why);
      out_.request.objects.push_back(object.get());
      out_.objects.push_back(std::move(object));
    }
    return {};
  }

  // Without an object of the program the modules' own archives stand for it; where a module has
  // none, its shared library is needed as it is.
  Outcome<void> choose_whole() {
    ClosureRequest& to = out_.request;
    to.mode = request_.mode;
    to.duplicates = request_.duplicates;
    to.shared = request_.shared;
    for (const GivenLibrary& one : out_.given.libraries) to.named.push_back(one.name);
    const auto number = [&](const Library* library) {
      return static_cast<std::uint32_t>(out_.index->number_of(*library));
    };
    for (const std::string& name : request_.whole) {
      const Lookup found = out_.index->look_up(name);
      if (found.archive == nullptr) {
        return std::unexpected(
            make_finding(Code::usage_bad_option,
                         {{"message", fmt::format("there is no archive lib{}.a", name)}}, name));
      }
      to.whole.push_back(number(found.archive));
    }
    if (!to.objects.empty() || !to.whole.empty()) return {};
    for (const GivenLibrary& one : out_.given.libraries) {
      if (!one.own || is_toolchain_library(one.name)) continue;
      const Lookup found = out_.index->look_up(one.name);
      const bool wanted = std::ranges::find(to.shared, one.name) == to.shared.end();
      if (found.archive != nullptr && to.mode != Mode::as_is && wanted) {
        to.whole.push_back(number(found.archive));
      } else if (found.shared != nullptr) {
        to.kept.push_back(number(found.shared));
        if (found.archive != nullptr) continue;  // --mode as-is and --shared do not want it
        const std::string module = request_.modules.empty() ? one.name : request_.modules.front();
        out_.findings.push_back(make_finding(Code::link_no_archive_of_module,
                                             {{"library", one.name}, {"module", module}},
                                             one.name));
      }
    }
    return {};
  }

  const LinkRequest& request_;
  Progress& progress_;
  Clock clock_;
  HomebrewFolders homebrew_;
  LinkResult out_;
};

}  // namespace

Outcome<LinkResult> make_link(const LinkRequest& request, Progress& progress) {
  return Maker(request, progress).run();
}

}  // namespace tenon::link
