#include "codesign/notary/slice_rows.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "codesign/blob/layout.h"
#include "codesign/cms/cms.h"
#include "codesign/verdict.h"
#include "codesign/verify/file_verdict.h"
#include "diag/codes.h"

namespace tenon::codesign {
namespace {

constexpr std::string_view sha1_oid = "1.3.14.3.2.26";

std::string text_of(const Cause& cause) {
  return cause.where.empty() ? cause.message : cause.where + ": " + cause.message;
}

class SliceRows {
 public:
  explicit SliceRows(const SliceVerdict& slice) : slice_(slice) {}

  std::vector<NotaryIssue> run() {
    if (!slice_.is_signed() && slice_.integrity.state != State::invalid) {
      add(Code::notarize_not_signed);
      return std::move(out_);
    }
    integrity();
    if (slice_.kind == SignatureKind::unknown && !slice_.cms) return std::move(out_);
    identity();
    timestamp();
    if (slice_.type == "executable" && (slice_.flags & CS_RUNTIME) == 0) {
      add(Code::notarize_no_hardened_runtime);
    }
    notes();
    return std::move(out_);
  }

 private:
  void add(Code code, std::string detail = {}) {
    const auto same = [&](const NotaryIssue& issue) { return issue.code == code; };
    if (std::ranges::any_of(out_, same)) return;
    out_.push_back({code, slice_.arch, std::move(detail)});
  }

  void integrity() {
    if (slice_.integrity.state == State::invalid) {
      add(Code::notarize_signature_invalid, text_of(slice_.integrity.cause()));
    }
    if (slice_.integrity.state == State::unknown) {
      add(Code::notarize_not_looked_inside, text_of(slice_.integrity.cause()));
    }
    if (slice_.trust.state == State::invalid) {
      add(Code::notarize_signature_invalid, text_of(slice_.trust.cause()));
    }
  }

  // What is wrong with the CMS apart from its age and its timestamp, which have rows of their own;
  // of an Installer certificate the chain is no other news.
  void cms_checks() {
    const cms::SignerReport& signer = *slice_.cms;
    for (const auto& item : signer.items()) {
      const bool other_row = item.verdict == &signer.timestamp || item.verdict == &signer.expiry ||
                             item.verdict == &signer.trust;
      const bool installer =
          item.verdict == &signer.chain && slice_.kind == SignatureKind::installer;
      if (other_row || installer) continue;
      if (item.verdict->state == State::invalid) {
        add(Code::notarize_signature_invalid, text_of(item.verdict->cause()));
      }
      if (item.verdict->state == State::unknown) {
        add(Code::notarize_not_looked_inside, text_of(item.verdict->cause()));
      }
    }
  }

  void identity() {
    if (slice_.cms) {
      cms_checks();
    } else if (slice_.identity.state == State::invalid) {
      add(Code::notarize_signature_invalid, text_of(slice_.identity.cause()));
    }
    const bool expired = slice_.cms && slice_.cms->expiry.state == State::invalid;
    if (slice_.kind != SignatureKind::developer_id || expired) {
      add(Code::notarize_no_developer_id, expired ? text_of(slice_.cms->expiry.cause())
                                                  : "it is " + std::string(kind_slug(slice_.kind)));
    }
  }

  void timestamp() {
    if (!slice_.cms || slice_.cms->timestamp.state != State::valid) {
      const bool wrong = slice_.cms && slice_.cms->timestamp.state == State::invalid;
      add(Code::notarize_no_secure_timestamp,
          wrong ? text_of(slice_.cms->timestamp.cause()) : std::string());
      return;
    }
    const auto& token = slice_.cms->token;
    if (!token || token->anchor != cms::Anchor::apple) {
      add(Code::notarize_no_secure_timestamp, "its authority is not Apple's");
    }
  }

  void notes() {
    for (const Cause& warning : slice_.warnings) {
      if (warning.code == "entitlements.get-task-allow" && slice_.type == "executable") {
        add(Code::notarize_get_task_allow);
      }
      if (warning.code == "entitlements.syntax") {
        add(Code::notarize_entitlements_invalid, warning.message);
      }
      if (warning.code == "directory.weak-hash") {
        add(Code::notarize_weak_algorithm, warning.message);
      }
    }
    if (slice_.cms && slice_.cms->digest_algorithm == sha1_oid) {
      add(Code::notarize_weak_algorithm, "the CMS digests by SHA-1");
    }
  }

  const SliceVerdict& slice_;
  std::vector<NotaryIssue> out_;
};

}  // namespace

std::vector<NotaryIssue> notary_issues(const SliceVerdict& slice) { return SliceRows(slice).run(); }

}  // namespace tenon::codesign
