#include "crossbuild/run/package_file.h"

#include <cstddef>
#include <expected>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "base/bytes.h"
#include "base/digest.h"
#include "base/path.h"
#include "base/reason.h"
#include "base/result.h"
#include "crossbuild/run/archive.h"
#include "crossbuild/run/sysroot_writer.h"
#include "crossbuild/sysroot/record.h"
#include "diag/catalog.h"
#include "diag/codes.h"
#include "diag/finding.h"
#include "format/ar/ar.h"
#include "host/files.h"
#include "platform/platforms.h"

namespace tenon {
namespace {

constexpr std::size_t longest_control = std::size_t{1} << 20U;

// One small file out of an archive.
class OneFile : public ArchiveVisitor {
 public:
  explicit OneFile(std::string_view name) : name_(name) {}

  [[nodiscard]] Result<bool> entry(const ArchiveEntry& entry) override {
    std::string_view path = entry.path;
    if (path.starts_with("./")) path.remove_prefix(2);
    return path == name_;
  }

  [[nodiscard]] Result<void> bytes(std::span<const std::byte> bytes) override {
    if (text_.size() + bytes.size() > longest_control) {
      return fail(Errc::limit, "its description is larger than 1 MiB");
    }
    for (const std::byte byte : bytes) text_ += static_cast<char>(byte);
    return {};
  }

  [[nodiscard]] Result<void> end() override { return {}; }

  [[nodiscard]] const std::string& text() const { return text_; }

 private:
  std::string name_, text_;
};

Finding refused(const std::string& path, const Error& error, const std::string& place) {
  if (error.code == Errc::interrupted) {
    return make_finding(Code::usage_interrupted, {}, "tenon sysroot");
  }
  if (error.code == Errc::no_space) {
    return make_finding(Code::usage_disk_full, {{"path", path}, {"reason", reason_text(error)}},
                        path);
  }
  Finding out = make_finding(
      Code::sysroot_package_refused,
      {{"package", std::string(base_name(path))}, {"reason", reason_text(error)}}, path);
  if (!place.empty()) out.evidence.push_back({Evidence::Kind::file, place, error.what});
  return out;
}

// The tar file of a .deb whose name begins so: "control.tar", "data.tar".
Result<std::span<const std::byte>> part_of_deb(ByteView bytes, std::string_view start) {
  const ar::Archive archive = TENON_TRY(ar::Archive::parse(bytes));
  if (archive.thin() || archive.members().empty() ||
      archive.members().front().name != "debian-binary") {
    return fail(Errc::malformed, "it is not a Debian package");
  }
  for (const ar::Member& member : archive.members()) {
    if (member.name.starts_with(start)) return member.data.bytes();
  }
  return fail(Errc::malformed, "it has no control or data archive");
}

// An .apk is one tar file with everything.
Result<std::span<const std::byte>> tar_of(ByteView bytes, bool deb, std::string_view start) {
  if (!deb) return bytes.bytes();
  return part_of_deb(bytes, start);
}

Result<SysrootPackage> describe(ByteView bytes, bool deb) {
  OneFile file(deb ? "control" : ".PKGINFO");
  const auto part = TENON_TRY(tar_of(bytes, deb, "control.tar"));
  TENON_TRY(read_archive(part, file));
  SysrootPackage out = TENON_TRY(deb ? parse_control(file.text()) : parse_pkginfo(file.text()));
  out.sha256 = hex(sha256(bytes.bytes()));
  return out;
}

Result<void> unpack(ByteView bytes, bool deb, SysrootWriter& writer) {
  const auto part = TENON_TRY(tar_of(bytes, deb, "data.tar"));
  TENON_TRY(read_archive(part, writer));
  return writer.end_package();
}

Outcome<FileBytes> read_package(const std::string& path) {
  auto file = read_file(path);
  if (!file) {
    return std::unexpected(make_finding(Code::usage_unreadable_input,
                                        {{"path", path}, {"reason", reason_text(file.error())}},
                                        path));
  }
  return *std::move(file);
}

}  // namespace

Outcome<SysrootPackage> describe_package(const std::string& path) {
  const FileBytes file = TENON_TRY(read_package(path));
  auto out = describe(file.view(), path.ends_with(".deb"));
  if (!out) return std::unexpected(refused(path, out.error(), {}));
  return *std::move(out);
}

Outcome<void> unpack_package(const std::string& path, SysrootWriter& writer) {
  const FileBytes file = TENON_TRY(read_package(path));
  const auto done = unpack(file.view(), path.ends_with(".deb"), writer);
  if (!done) return std::unexpected(refused(path, done.error(), writer.place()));
  return {};
}

bool fits(const SysrootPackage& package, const Platform& platform) {
  const std::string& arch = package.architecture;
  return arch == "all" || arch == "noarch" || arch == platform.debian_arch ||
         arch == platform.alpine_arch;
}

}  // namespace tenon
