#include "crossbuild/run/sysroot.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/bytes.h"
#include "base/digest.h"
#include "base/path.h"
#include "base/reason.h"
#include "base/result.h"
#include "base/shown.h"
#include "crossbuild/run/archive.h"
#include "crossbuild/run/file_problem.h"
#include "crossbuild/run/package_file.h"
#include "crossbuild/run/sysroot_apt.h"
#include "crossbuild/run/sysroot_writer.h"
#include "crossbuild/sysroot/archive_list.h"
#include "crossbuild/sysroot/name.h"
#include "crossbuild/sysroot/record.h"
#include "diag/catalog.h"
#include "diag/codes.h"
#include "diag/finding.h"
#include "diag/progress.h"
#include "host/files.h"
#include "host/private_folder.h"

namespace tenon {
namespace {

Finding cannot_write(const std::string& path, const Error& error) {
  if (error.code == Errc::interrupted) {
    return make_finding(Code::usage_interrupted, {}, "tenon sysroot");
  }
  const Code code =
      error.code == Errc::no_space ? Code::usage_disk_full : Code::usage_output_not_writable;
  return make_finding(code, {{"path", path}, {"reason", reason_text(error)}}, path);
}

std::string home_of(const SysrootName& name) {
  const std::string state = state_folder();
  return state.empty() ? state : state + "/sysroot/" + name.slug();
}

std::optional<SysrootRecord> record_in(const std::string& folder) {
  const auto text = read_text(join_path(folder, record_file));
  if (!text) return std::nullopt;
  auto record = parse_record(*text);
  return record ? std::optional(*std::move(record)) : std::nullopt;
}

// A name beside the sysroot, on the same file system.
std::string beside(const std::string& folder, std::string_view what) {
  return join_path(folder_of(folder),
                   "." + std::string(base_name(folder)) + ".tenon-" + std::string(what));
}

class Maker {
 public:
  Maker(const SysrootRequest& request, Progress& progress)
      : request_(request), progress_(progress) {}

  [[nodiscard]] Outcome<SysrootResult> make();

 private:
  [[nodiscard]] Outcome<void> prepare();
  [[nodiscard]] Outcome<void> fetch_contents();
  [[nodiscard]] bool nothing_to_do();
  [[nodiscard]] Outcome<std::vector<std::string>> files();
  [[nodiscard]] Outcome<std::vector<std::string>> files_in_folder() const;
  [[nodiscard]] Outcome<std::vector<SysrootPackage>> describe(
      std::vector<std::string>& paths) const;
  [[nodiscard]] Outcome<void> unpack(const std::vector<std::string>& paths);
  [[nodiscard]] Outcome<void> finish(SysrootWriter& writer, const std::string& staging);
  [[nodiscard]] Result<void> put_in_place(const std::string& staging) const;

  const SysrootRequest& request_;
  Progress& progress_;
  std::string home_;
  std::optional<FileLock> lock_;
  SysrootRecord old_;
  SysrootResult result_;
};

Outcome<void> Maker::prepare() {
  const std::string wanted = home_of(request_.name);
  const auto home = private_folder(wanted);
  if (!home) return std::unexpected(cannot_write(wanted, home.error()));
  home_ = *home;
  auto lock = FileLock::try_lock(home_ + "/lock");
  if (!lock) return std::unexpected(cannot_write(home_ + "/lock", lock.error()));
  if (!*lock) {
    return std::unexpected(
        make_finding(Code::sysroot_busy, {{"name", request_.name.text()}}, home_));
  }
  lock_.emplace(**std::move(lock));
  result_.folder = request_.output.empty() ? home_ + "/root" : request_.output;
  const std::string previous = beside(result_.folder, "previous");
  // A run ended between two renames. Beside an --output others may have put a folder of this name.
  if (!is_folder(result_.folder) && check_private(previous) && record_in(previous)) {
    if (const auto done = rename_file(previous, result_.folder); !done) {
      return std::unexpected(cannot_write(result_.folder, done.error()));
    }
  }
  const auto record = record_in(result_.folder);
  if (record) old_ = *record;
  const bool used = is_folder(result_.folder) && !search_folder(result_.folder).empty();
  if (used && (!record || record->name != request_.name.text())) {
    return std::unexpected(make_finding(Code::sysroot_folder_in_use,
                                        {{"path", result_.folder}, {"name", request_.name.text()}},
                                        result_.folder));
  }
  return {};
}

Outcome<void> Maker::fetch_contents() {
  const std::string text = TENON_TRY(fetch_archive_list(request_.name, home_ + "/apt", progress_));
  const std::string path = join_path(home_, archive_list_file);
  if (const auto done = write_cache(path, text); !done) {
    return std::unexpected(cannot_write(path, done.error()));
  }
  return {};
}

bool Maker::nothing_to_do() {
  result_.record.name = request_.name.text();
  result_.record.wanted = old_.wanted;
  for (const std::string& one : request_.packages) {
    if (std::ranges::find(result_.record.wanted, one) == result_.record.wanted.end()) {
      result_.record.wanted.push_back(one);
    }
  }
  std::ranges::sort(result_.record.wanted);
  return request_.from.empty() && !request_.refresh && !old_.packages.empty() &&
         result_.record.wanted == old_.wanted;
}

Outcome<std::vector<std::string>> Maker::files_in_folder() const {
  const auto names = list_folder(request_.from);
  if (!names) {
    return std::unexpected(unreadable_input(request_.from, names.error()));
  }
  std::vector<std::string> out;
  for (const std::string& name : *names) {
    if (name.ends_with(".deb") || name.ends_with(".apk"))
      out.push_back(join_path(request_.from, name));
  }
  if (out.empty()) {
    return std::unexpected(
        make_finding(Code::sysroot_no_packages, {{"path", request_.from}}, request_.from));
  }
  return out;
}

Outcome<std::vector<std::string>> Maker::files() {
  if (!request_.from.empty()) return files_in_folder();
  return fetch_packages(request_.name, result_.record.wanted, home_ + "/apt", progress_);
}

// What the files hold, and whether that is for this processor. Of a folder only the packages that
// were named are taken, when some were.
Outcome<std::vector<SysrootPackage>> Maker::describe(std::vector<std::string>& paths) const {
  std::vector<SysrootPackage> out;
  std::vector<std::string> taken;
  for (const std::string& path : paths) {
    SysrootPackage one = TENON_TRY(describe_package(path));
    if (!request_.from.empty() && !request_.packages.empty() &&
        std::ranges::find(request_.packages, one.name) == request_.packages.end()) {
      continue;
    }
    if (!fits(one, *request_.name.platform)) {
      return std::unexpected(make_finding(Code::sysroot_wrong_architecture,
                                          {{"package", one.name},
                                           {"architecture", one.architecture},
                                           {"name", request_.name.text()}},
                                          path));
    }
    out.push_back(std::move(one));
    taken.push_back(path);
  }
  for (const std::string& wanted : request_.packages) {
    if (request_.from.empty() ||
        std::ranges::find(out, wanted, &SysrootPackage::name) != out.end()) {
      continue;
    }
    return std::unexpected(make_finding(Code::sysroot_package_not_in_folder,
                                        {{"package", wanted}, {"path", request_.from}}, wanted));
  }
  paths = std::move(taken);
  return out;
}

Outcome<void> Maker::finish(SysrootWriter& writer, const std::string& staging) {
  const auto write = [&]() -> Result<void> {
    TENON_TRY(make_folders(staging + "/usr"));
    TENON_TRY(writer.finish());
    TENON_TRY(write_text(join_path(staging, record_file), write_record(result_.record)));
    return put_in_place(staging);
  };
  if (const auto done = write(); !done) {
    return std::unexpected(cannot_write(result_.folder, done.error()));
  }
  result_.counts = writer.counts();
  result_.changed = true;
  return {};
}

Result<void> Maker::put_in_place(const std::string& staging) const {
  const std::string previous = beside(result_.folder, "previous");
  remove_tree(previous);
  if (is_folder(result_.folder)) TENON_TRY(rename_file(result_.folder, previous));
  TENON_TRY(rename_file(staging, result_.folder));
  remove_tree(previous);
  return {};
}

Outcome<void> Maker::unpack(const std::vector<std::string>& paths) {
  const TemporaryFolder staging(beside(result_.folder, "partial"));
  remove_tree(staging.path);
  if (const auto made = make_folders(staging.path); !made) {
    return std::unexpected(cannot_write(staging.path, made.error()));
  }
  SysrootWriter writer(staging.path);
  std::size_t done = 0;
  for (const std::string& path : paths) {
    progress_.status(shown_format("unpacking {} of {}: {}", ++done, paths.size(), base_name(path)));
    TENON_TRY(unpack_package(path, writer));
  }
  progress_.clear_status();
  return finish(writer, staging.path);
}

Outcome<SysrootResult> Maker::make() {
  TENON_TRY(prepare());
  if (request_.contents) TENON_TRY(fetch_contents());
  if (nothing_to_do()) {
    result_.record = old_;
    return std::move(result_);
  }
  if (!reads_archives()) {
    return std::unexpected(make_finding(Code::sysroot_no_libarchive, {}, "tenon sysroot"));
  }
  std::vector<std::string> paths = TENON_TRY(files());
  result_.record.packages = TENON_TRY(describe(paths));
  if (result_.record == old_ && !old_.packages.empty()) return std::move(result_);
  TENON_TRY(unpack(paths));
  return std::move(result_);
}

}  // namespace

Outcome<SysrootResult> make_sysroot(const SysrootRequest& request, Progress& progress) {
  return Maker(request, progress).make();
}

Outcome<std::string> find_sysroot(const std::string& text, const std::string& folder,
                                  const std::string& command) {
  if (text.empty()) return text;
  std::string path = absolute_path(folder, text);
  const auto name = parse_sysroot_name(text);
  if (!name || is_folder(path)) return path;
  std::string made = sysroot_folder(*name);
  if (is_folder(made)) return made;
  Finding finding =
      make_finding(Code::usage_bad_option,
                   {{"message", fmt::format("there is no sysroot {} yet", name->text())}}, command);
  finding.fixes = {
      {Fix::Safety::manual, shown_format("make it: tenon sysroot {} PACKAGES", name->text()), {}}};
  return std::unexpected(std::move(finding));
}

std::string sysroot_folder(const SysrootName& name) {
  const std::string home = home_of(name);
  return home.empty() ? home : home + "/root";
}

std::string sysroot_state(const std::string& folder) {
  const auto text = read_text(join_path(folder, record_file));
  return text ? hex(sha256(view_of(*text).bytes())) : std::string();
}

std::string sysroot_record_name(const std::string& folder) {
  const auto record = record_in(folder);
  return record ? record->name : std::string();
}

std::string archive_list_path(const std::string& name) {
  const auto parsed = parse_sysroot_name(name);
  const std::string home = parsed ? home_of(*parsed) : std::string();
  if (home.empty()) return {};
  std::string path = join_path(home, archive_list_file);
  return is_file(path) ? path : std::string();
}

}  // namespace tenon
