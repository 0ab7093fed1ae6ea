#include "codesign/run/verify_paths.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <iterator>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include "base/bytes.h"
#include "base/for_all.h"
#include "base/path.h"
#include "base/result.h"
#include "base/unread.h"
#include "codesign/blob/os_status.h"
#include "codesign/cms/der.h"
#include "codesign/cms/signing.h"
#include "codesign/resources/layout.h"
#include "codesign/run/bundle_of.h"
#include "codesign/run/certificate_file.h"
#include "codesign/usage.h"
#include "codesign/verdict.h"
#include "codesign/verify/answer.h"
#include "codesign/verify/distribution.h"
#include "codesign/verify/file_verdict.h"
#include "codesign/verify/request.h"
#include "codesign/verify/verify.h"
#include "diag/finding.h"
#include "host/disk_tree.h"
#include "host/files.h"
#include "host/mapped_window.h"
#include "host/mapping.h"
#include "host/walk.h"

namespace tenon::codesign {
namespace {

// A file of a folder, and before which answer its own belongs.
struct WaitingFile {
  std::string path;
  std::size_t place = 0;
};

// Neither for a file of another kind.
struct FileOutcome {
  std::optional<VerifyAnswer> answer;
  std::optional<Unread> unread;
};

class PathVerifier {
 public:
  explicit PathVerifier(const VerifyRequest& request) : distribution_(request.distribution) {
    const auto allowed = [&](std::string_view word) {
      return std::ranges::find(request.allowed, word) != request.allowed.end();
    };
    options_.strict = request.strict;
    options_.allow_downgrade = allowed(allow_downgrade);
    options_.allow_mixed_signers = allowed(allow_mixed_signers);
    options_.threads = std::clamp(std::thread::hardware_concurrency(), 1U, 8U);
    options_.window = &window_;
  }

  Outcome<void> add_roots(const std::vector<std::string>& names);

  void path(const std::string& path) {
    if (is_folder(path)) {
      const std::string whole = bundle_of_part(path);
      const std::size_t before = said();
      if (!bundle(whole.empty() ? path : whole, true)) folder(path, {});
      judge_waiting();
      if (said() == before) result.findings.push_back(nothing_to_judge(path));
    } else {
      named_file(path);
      judge_waiting();
    }
  }

  VerifyResult result;

 private:
  // Exit code 2 without a word would leave everybody to guess.
  [[nodiscard]] std::size_t said() const {
    return result.answers.size() + result.findings.size() + result.unread.size();
  }
  static Finding nothing_to_judge(const std::string& path) {
    return not_verified(Shape::other, path,
                        {Errc::not_found, "no bundle and no Mach-O file in this directory", 0, 0});
  }

  // Whether a bundle claims the folder: what is in it was judged. `named`: by the user, who wants
  // an answer; else a folder with an Info.plist that nothing seals is a folder like others.
  bool bundle(const std::string& path, bool named);
  void lost_links(const std::string& path);
  void folder(const std::string& folder, const std::string& judged);
  void walk(const std::string& folder, const std::string& judged,
            std::function<bool(const std::string& path)> enter);
  void named_file(const std::string& path);
  void judge_waiting();
  [[nodiscard]] FileOutcome judge_file(const std::string& path, const VerifyOptions& options) const;
  [[nodiscard]] VerifyAnswer program(const std::string& path, ByteView bytes,
                                     FileVerdict verdict) const;
  void not_macho(const std::string& path, ByteView bytes, const Error& error);

  void unreadable(const std::string& path, const Error& error) {
    result.unread.push_back({path, error});
  }
  bool unread_in_bundle(const std::string& path, const DiskTree& tree);
  bool mapped(const std::string& path, const Mapping& mapping);

  MappedWindow window_;
  VerifyOptions options_;
  bool distribution_;
  std::vector<WaitingFile> waiting_;
};

Outcome<void> PathVerifier::add_roots(const std::vector<std::string>& names) {
  const auto refuse = [](const std::string& name, std::string_view why) {
    return usage_error(fmt::format("--trust-root {}: {}", name, why), "tenon verify");
  };
  for (const std::string& name : names) {
    const auto bytes = read_file(name);
    if (!bytes) return refuse(name, bytes.error().what);
    auto roots = cms::read_certificates({name, bytes->view()});
    if (!roots) return refuse(name, roots.error().what);
    for (cms::Bytes& root : *roots) options_.trust.roots.push_back(std::move(root));
  }
  return {};
}

// Whether something in it could not be read, or changed: then there is no verdict.
bool PathVerifier::unread_in_bundle(const std::string& path, const DiskTree& tree) {
  const std::vector<Unread> unread = tree.unread();
  for (const Unread& one : unread) unreadable(join_path(path, one.path), one.error);
  return !unread.empty();
}

// Whether all slices stand in for code that nobody signed.
bool nothing_sealed(const FileVerdict& main) {
  return std::ranges::none_of(main.slices, &SliceVerdict::is_signed);
}

bool PathVerifier::bundle(const std::string& path, bool named) {
  const auto tree = DiskTree::open(path);
  if (!tree) return false;
  auto verdict = verify_bundle(**tree, "", options_);
  if (!verdict) {
    const auto lost = resources::has_lost_links(**tree, "");
    if (unread_in_bundle(path, **tree)) return true;
    if (!lost || !*lost || verdict.error().code != Errc::malformed) return false;
    lost_links(path);
    return true;
  }
  if (unread_in_bundle(path, **tree)) return true;
  const bool codeless = verdict->main.path == verdict->root;
  if (!named && codeless && nothing_sealed(verdict->main)) return false;
  VerifyAnswer answer = answer_of_bundle(path, *std::move(verdict));
  if (distribution_) {
    const bool app = path.ends_with(".app") || path.ends_with(".app/");
    answer.advice = advice_for(app ? Shape::app : Shape::bundle, path, answer.file, answer.ticket);
  }
  const bool unsealed = nothing_sealed(answer.file) || answer.bundle == "unknown";
  const std::string main = join_path(path, answer.file.path);
  result.answers.push_back(std::move(answer));
  // What no seal covers is judged file by file.
  if (unsealed) folder(path, main);
  return true;
}

// A framework with versions and no link that leads to one of them is no bundle to the system, and
// dyld loads its files all the same: they are judged one by one, a version that has a seal of its
// own as a bundle.
void PathVerifier::lost_links(const std::string& path) {
  judge_waiting();
  const std::size_t before = result.answers.size();
  const std::string versions = join_path(path, "Versions");
  walk(path, {}, [&](const std::string& inner) {
    const bool version = folder_of(inner) == versions;
    return version && !is_folder(join_path(inner, "_CodeSignature")) ? true : !bundle(inner, false);
  });
  judge_waiting();
  for (std::size_t i = before; i < result.answers.size(); ++i) {
    FileVerdict& file = result.answers[i].file;
    Cause cause = make_cause(links_lost_code, resources::lost_links, path, OS_BAD_BUNDLE_FORMAT);
    for (SliceVerdict& slice : file.slices) {
      if (options_.strict && slice.is_signed()) slice.integrity.blame(State::invalid, cause);
    }
    if (!options_.strict) file.warnings.push_back(std::move(cause));
  }
  if (result.answers.size() > before) return;
  result.findings.push_back(
      not_verified(Shape::other, path, {Errc::malformed, resources::lost_links, 0, 0}));
}

void PathVerifier::not_macho(const std::string& path, ByteView bytes, const Error& error) {
  const Shape shape = shape_of(bytes);
  if (auto answer = answer_of_container(path, bytes, options_)) {
    if (distribution_) answer->advice = advice_for(shape, path, answer->file, answer->ticket);
    result.answers.push_back(*std::move(answer));
    return;
  }
  if (distribution_ && shape != Shape::other) {
    VerifyAnswer answer;
    answer.path = path;
    answer.advice = advice_for(shape, path, {}, false);
    result.answers.push_back(std::move(answer));
  }
  result.findings.push_back(not_verified(shape, path, error));
}

VerifyAnswer PathVerifier::program(const std::string& path, ByteView bytes,
                                   FileVerdict verdict) const {
  VerifyAnswer answer;
  answer.path = path;
  answer.file = std::move(verdict);
  answer.file.path = path;
  if (distribution_) answer.advice = advice_for(shape_of(bytes), path, answer.file, false);
  return answer;
}

// Whether what was read of it is one file from beginning to end.
bool PathVerifier::mapped(const std::string& path, const Mapping& mapping) {
  const auto same = mapping.unchanged();
  if (!same) unreadable(path, same.error());
  return same.has_value();
}

void PathVerifier::named_file(const std::string& path) {
  const auto mapping = map_file(path);
  if (!mapping) {
    unreadable(path, mapping.error());
    return;
  }
  const std::string outer = bundle_of(path, mapping->view());
  const std::size_t before = result.answers.size();
  if (!outer.empty() && bundle(outer, true)) {
    if (result.answers.size() > before) result.answers[before].path = path;
    return;
  }
  auto verdict = verify_file(mapping->view(), options_);
  if (!mapped(path, *mapping)) return;
  if (verdict) {
    result.answers.push_back(program(path, mapping->view(), *std::move(verdict)));
  } else {
    not_macho(path, mapping->view(), verdict.error());
  }
}

// Of a folder most files are of other kinds. To look at four bytes costs less than to map a file,
// which makes all threads wait.
bool could_be_macho(std::string_view head) {
  constexpr std::string_view magics[] = {"\xce\xfa\xed\xfe", "\xcf\xfa\xed\xfe",
                                         "\xfe\xed\xfa\xce", "\xfe\xed\xfa\xcf",
                                         "\xca\xfe\xba\xbe", "\xca\xfe\xba\xbf"};
  return std::ranges::find(magics, head) != std::end(magics);
}

// Files of other kinds are no findings.
FileOutcome PathVerifier::judge_file(const std::string& path, const VerifyOptions& options) const {
  const auto head = read_text(path, 4);
  if (!head) return {std::nullopt, Unread{path, head.error()}};
  if (!could_be_macho(*head)) return {};
  const auto mapping = map_file(path);
  if (!mapping) return {std::nullopt, Unread{path, mapping.error()}};
  auto verdict = verify_file(mapping->view(), options);
  if (const auto same = mapping->unchanged(); !same) {
    return {std::nullopt, Unread{path, same.error()}};
  }
  if (!verdict) return {};
  return {program(path, mapping->view(), *std::move(verdict)), std::nullopt};
}

// A walk only notes the files; here they are judged, as many at once as there are processors, and
// take their places among the answers of bundles. Large files come alone, since each of them keeps
// all processors busy.
void PathVerifier::judge_waiting() {
  constexpr std::uint64_t large = std::uint64_t{16} << 20U;
  const std::vector<WaitingFile> waiting = std::exchange(waiting_, {});
  std::vector<FileOutcome> outcomes(waiting.size());
  std::vector<std::size_t> small;
  for (std::size_t i = 0; i < waiting.size(); ++i) {
    const auto info = file_info(waiting[i].path);
    if (info && info->size > large) {
      outcomes[i] = judge_file(waiting[i].path, options_);
    } else {
      small.push_back(i);
    }
  }
  VerifyOptions alone = options_;
  alone.threads = 1;
  for_all(small.size(), options_.threads,
          [&](std::size_t i) { outcomes[small[i]] = judge_file(waiting[small[i]].path, alone); });
  std::vector<VerifyAnswer> answers;
  std::size_t next = 0;
  const auto take_until = [&](std::size_t place) {
    for (; next < place; ++next) answers.push_back(std::move(result.answers[next]));
  };
  for (std::size_t i = 0; i < waiting.size(); ++i) {
    take_until(waiting[i].place);
    if (outcomes[i].answer) answers.push_back(*std::move(outcomes[i].answer));
    if (outcomes[i].unread) result.unread.push_back(*std::move(outcomes[i].unread));
  }
  take_until(result.answers.size());
  result.answers = std::move(answers);
}

// Everything signed below a folder that is no bundle itself, but for the file `judged`.
void PathVerifier::folder(const std::string& folder, const std::string& judged) {
  walk(folder, judged, [&](const std::string& path) { return !bundle(path, false); });
}

void PathVerifier::walk(const std::string& folder, const std::string& judged,
                        std::function<bool(const std::string& path)> enter) {
  const auto file = [&](const std::string& path) {
    if (path != judged) waiting_.push_back({path, result.answers.size()});
  };
  walk_folder(folder, {.file = file, .folder = std::move(enter), .unread = [&](const Unread& one) {
                         result.unread.push_back(one);
                       }});
}

}  // namespace

Outcome<VerifyResult> verify_paths(const VerifyRequest& request) {
  const Demands demands = TENON_TRY(read_demands(request, certificate_files()));
  PathVerifier verifier(request);
  TENON_TRY(verifier.add_roots(request.trust_roots));
  for (const std::string& path : request.paths) verifier.path(path);
  for (VerifyAnswer& answer : verifier.result.answers) apply_demands(demands, answer.file);
  return std::move(verifier.result);
}

}  // namespace tenon::codesign
