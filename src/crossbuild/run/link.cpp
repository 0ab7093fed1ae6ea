#include "crossbuild/run/link.h"

#include <cstddef>
#include <expected>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/bytes.h"
#include "base/file_source.h"
#include "base/path.h"
#include "base/reason.h"
#include "base/result.h"
#include "base/shown.h"
#include "crossbuild/compat/archive_needs.h"
#include "crossbuild/driver/cc_config.h"
#include "crossbuild/driver/linker_args.h"
#include "crossbuild/link/coff_link.h"
#include "crossbuild/link/coff_stamps.h"
#include "crossbuild/link/library_search.h"
#include "crossbuild/link/link_plan.h"
#include "crossbuild/run/compat.h"
#include "crossbuild/run/file_problem.h"
#include "crossbuild/run/trace.h"
#include "crossbuild/stubs/stub_maker.h"
#include "crossbuild/trace.h"
#include "diag/catalog.h"
#include "diag/codes.h"
#include "diag/finding.h"
#include "format/pe/pe.h"
#include "host/disk.h"
#include "host/files.h"
#include "host/process.h"
#include "platform/target.h"
#include "platform/toolchain.h"

namespace tenon {
namespace {

Result<void> write_stubs(const LinkPlan& plan) {
  const std::string mark = plan.stub_folder + "/complete";
  if (is_file(mark)) return {};
  for (const StubFile& file : plan.stubs) {
    TENON_TRY(write_cache(join_path(plan.stub_folder, file.path), file.text));
  }
  for (const std::string_view part : {"/lib", "/fw"}) {
    TENON_TRY(make_folders(plan.stub_folder + std::string(part)));
  }
  return write_cache(mark, "");
}

// zig warns of folders that do not exist.
std::vector<std::string> sysroot_folders(const CcConfig& config) {
  std::vector<std::string> out;
  if (config.sysroot.empty()) return out;
  for (const std::string_view part : {"/usr/lib", "/lib"}) {
    const std::string folder = config.sysroot + std::string(part);
    for (const std::string& each :
         {folder + "/" + std::string(config.target.platform->debian), folder}) {
      if (is_folder(each)) out.push_back(each);
    }
  }
  return out;
}

// Adds what archives need that were compiled for glibc. Where the library cannot be built the
// linker says which names are missing.
void add_archive_needs(const CcConfig& config, const std::vector<DriverArg>& args,
                       FileSource& files, LinkPlan& plan) {
  const ArchiveNeeds needs = archive_needs(config, named_archives(args, files), files);
  for (const std::string& user : needs.glibc_users) {
    plan.trace.push_back({.kind = TraceRecord::Kind::glibc_names, .library = user});
  }
  if (!needs.glibc_users.empty()) {
    if (auto library = glibc_names_library(config)) plan.argv.push_back(std::move(*library));
  }
  // gcc's driver would bring libgcc for that.
  if (needs.unwinds) plan.argv.emplace_back("-lunwind");
}

// Where it cannot be built the linker says which names are missing.
void add_availability(const CcConfig& config, LinkPlan& plan) {
  if (auto object = availability_object(config)) plan.argv.push_back(std::move(*object));
}

Finding cannot_start(const std::string& program, const Error& error) {
  Finding finding;
  finding.code = Code::usage_unreadable_input;
  finding.subject = program;
  finding.message = shown_format("{}: {}", program, error.what);
  return finding;
}

Outcome<int> start_linker(const LinkPlan& plan, bool replace) {
  if (!replace) {
    const auto code = pass_through(plan.argv, {});
    if (code) return *code;
    return std::unexpected(cannot_start(plan.argv.front(), code.error()));
  }
  // zig may compile parts of its run-time libraries for a link and writes its working folder into
  // them: where no argument depends on the folder, a neutral one is used.
  if (plan.any_folder) enter_folder("/");
  return std::unexpected(cannot_start(plan.argv.front(), execute(plan.argv, {})));
}

// The PDB file that zig's link left beside the image.
void remove_pdb(const std::string& image, ByteView bytes) {
  const auto file = pe::File::parse(bytes);
  if (!file) return;
  const auto record = file->code_view();
  if (!record || !*record || (*record)->pdb.contains('/')) return;
  remove_tree(join_path(folder_of(image), (*record)->pdb));
}

Result<void> settle_image(const LinkPlan& plan) {
  const FileBytes file = TENON_TRY(read_file(plan.coff_image));
  const auto info = file_info(plan.coff_image);
  const auto bytes = file.view().bytes();
  std::vector<std::byte> image(bytes.begin(), bytes.end());
  // What is no image, as the object of a link with -r, has no stamps.
  if (!settle_stamps(image, plan.keeps_pdb)) return {};
  TENON_TRY(write_file(plan.coff_image, image, info ? info->mode & 0777U : 0755U, false));
  if (!plan.keeps_pdb) remove_pdb(plan.coff_image, file.view());
  return {};
}

Outcome<int> link_image(const LinkPlan& plan) {
  const int code = TENON_TRY(start_linker(plan, false));
  if (code != 0) return code;
  if (const auto done = settle_image(plan); !done) {
    return std::unexpected(unwritable(plan.coff_image, done.error()));
  }
  return code;
}

Outcome<LinkPlan> plan_link(const CcConfig& config, LinkArguments arguments, FileSource& files) {
  if (config.target.darwin() && config.toolchain.engine != Engine::apple) {
    LinkPlan plan = TENON_TRY(plan_macho_link(config, std::move(arguments), files));
    if (plan.availability) add_availability(config, plan);
    return plan;
  }
  if (config.target.windows()) {
    return plan_coff_link(config, std::move(arguments), sysroot_folders(config), files);
  }
  std::vector<std::string> sysroot = sysroot_folders(config);
  if (config.target.libc == Libc::musl) choose_archives(arguments.flags.args, sysroot, files);
  LinkPlan plan = TENON_TRY(plan_plain_link(config, arguments, std::move(sysroot)));
  add_archive_needs(config, arguments.flags.args, files, plan);
  return plan;
}

}  // namespace

std::vector<std::string> existing_host_folders(const std::vector<std::string>& flags) {
  std::vector<std::string> out;
  for (const std::string& flag : flags) {
    const std::size_t slash = flag.find('/');
    if (slash != std::string::npos && is_folder(flag.substr(slash))) out.push_back(flag);
  }
  return out;
}

void trace_host_folders(const std::vector<std::string>& flags) {
  for (const std::string& flag : existing_host_folders(flags)) {
    trace({.kind = TraceRecord::Kind::host_folder, .flag = flag});
  }
}

Outcome<int> run_link(const CcConfig& config, std::vector<DriverArg> args, bool replace) {
  DiskFiles files;
  LinkArguments arguments = link_arguments(config, std::move(args));
  trace_host_folders(arguments.host_folders);
  const LinkPlan plan = TENON_TRY(plan_link(config, std::move(arguments), files));
  if (const auto changed = files.changed()) {
    return std::unexpected(make_finding(
        Code::usage_unreadable_input,
        {{"path", changed->path}, {"reason", reason_text(changed->error)}}, changed->path));
  }
  for (const TraceRecord& record : plan.trace) trace(record);
  if (!plan.stub_folder.empty()) {
    if (const auto done = write_stubs(plan); !done) {
      return std::unexpected(unwritable(plan.stub_folder, done.error()));
    }
  }
  return plan.coff_image.empty() ? start_linker(plan, replace) : link_image(plan);
}

}  // namespace tenon
