#include "codesign/cms/chain.h"

#include <openssl/x509_vfy.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <ctime>
#include <iterator>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "codesign/blob/os_status.h"
#include "codesign/cms/causes.h"
#include "codesign/cms/certificate.h"
#include "codesign/cms/cms.h"
#include "codesign/cms/der.h"
#include "codesign/cms/openssl_ptr.h"
#include "codesign/cms/roots.h"

namespace tenon::cms {

namespace {

struct Problem {
  int error = 0, depth = 0;
};

struct StackOfBorrowed {
  STACK_OF(X509) * stack = sk_X509_new_null();
  ~StackOfBorrowed() { sk_X509_free(stack); }
};

// Critical extensions of Apple that OpenSSL does not know: markers of what a leaf may sign.
bool is_apple_marker(std::string_view oid) {
  constexpr std::string_view NUMBERS[] = {"6.1.2",  "6.1.3",  "6.1.4",  "6.1.5",  "6.1.6",
                                          "6.1.7",  "6.1.8",  "6.1.9",  "6.1.10", "6.1.11",
                                          "6.1.12", "6.1.13", "6.1.14", "6.1.18", "6.1.33"};
  if (!oid.starts_with(APPLE_ARC)) return false;
  const std::string_view number = oid.substr(APPLE_ARC.size());
  return std::find(std::begin(NUMBERS), std::end(NUMBERS), number) != std::end(NUMBERS);
}

bool only_markers_are_unknown(X509* x) {
  for (int i = 0; i < X509_get_ext_count(x); ++i) {
    X509_EXTENSION* extension = X509_get_ext(x, i);
    if (X509_EXTENSION_get_critical(extension) == 0 || X509_supported_extension(extension) != 0) {
      continue;
    }
    if (!is_apple_marker(oid_text(X509_EXTENSION_get_object(extension)))) return false;
  }
  return true;
}

// Collects instead of stopping: one wrong thing must not hide another.
int collect(int ok, X509_STORE_CTX* context) {
  if (ok != 0) return 1;
  const int error = X509_STORE_CTX_get_error(context);
  X509* current = X509_STORE_CTX_get_current_cert(context);
  const bool tolerated = error == X509_V_ERR_UNHANDLED_CRITICAL_EXTENSION && current != nullptr &&
                         only_markers_are_unknown(current);
  if (!tolerated) {
    auto* problems = static_cast<std::vector<Problem>*>(X509_STORE_CTX_get_app_data(context));
    problems->push_back({error, X509_STORE_CTX_get_error_depth(context)});
  }
  return 1;
}

struct Built {
  std::vector<X509Ptr> chain;
  std::vector<Problem> problems;
};

// The store stays empty: what is trusted is decided by hash, afterwards.
Built verify(X509* leaf, STACK_OF(X509) * untrusted, std::int64_t time) {
  Built out;
  const StorePtr store(X509_STORE_new());
  const StoreContextPtr context(X509_STORE_CTX_new());
  if (!store || !context || X509_STORE_CTX_init(context.get(), store.get(), leaf, untrusted) != 1) {
    out.problems.push_back({X509_V_ERR_OUT_OF_MEM, 0});
    return out;
  }
  X509_STORE_CTX_set_app_data(context.get(), &out.problems);
  X509_STORE_CTX_set_verify_cb(context.get(), collect);
  X509_STORE_CTX_set_flags(context.get(), X509_V_FLAG_CHECK_SS_SIGNATURE);
  X509_STORE_CTX_set_time(context.get(), 0, static_cast<time_t>(time));
  X509_STORE_CTX_set_depth(context.get(), 8);
  if (X509_verify_cert(context.get()) != 1 && out.problems.empty()) {
    out.problems.push_back({X509_STORE_CTX_get_error(context.get()), 0});
  }
  STACK_OF(X509)* chain = X509_STORE_CTX_get0_chain(context.get());
  for (int i = 0; i < sk_X509_num(chain); ++i) out.chain.push_back(share(sk_X509_value(chain, i)));
  if (out.chain.empty()) out.chain.push_back(share(leaf));
  ERR_clear_error();
  return out;
}

Anchor anchor_of(const Certificate& last, const TrustOptions& options) {
  if (options.trust_apple && is_apple_root(last)) return Anchor::apple;
  const bool given =
      std::find(options.roots.begin(), options.roots.end(), last.der) != options.roots.end();
  return given ? Anchor::given : Anchor::none;
}

bool is_about_trust(int error) {
  return error == X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN ||
         error == X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT ||
         error == X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY ||
         error == X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT ||
         error == X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE;
}

void add_problem(const Problem& problem, Chain& out) {
  const std::size_t index =
      std::min(static_cast<std::size_t>(std::max(problem.depth, 0)), out.certificates.size() - 1);
  const Certificate& certificate = out.certificates[index];
  const std::string where = certificate_place(index, certificate);
  if (problem.error == X509_V_ERR_CERT_HAS_EXPIRED) {
    out.time_problems.push_back(make_cause(
        "identity.expired", "expired on " + time_text(certificate.not_after), where, OS_EXPIRED));
  } else if (problem.error == X509_V_ERR_CERT_NOT_YET_VALID) {
    out.time_problems.push_back(make_cause("identity.not-yet-valid",
                                           "valid only from " + time_text(certificate.not_before),
                                           where, OS_NOT_YET_VALID));
  } else if (!is_about_trust(problem.error)) {
    out.problems.push_back(make_cause(
        "identity.chain", X509_verify_cert_error_string(problem.error), where, OS_NOT_TRUSTED));
  }
}

void judge_issuers(const std::vector<X509Ptr>& chain, Chain& out) {
  for (std::size_t i = 1; i < chain.size(); ++i) {
    if (X509_check_ca(chain[i].get()) == 1) continue;
    out.problems.push_back(make_cause("identity.not-a-ca",
                                      "signed a certificate, but is not marked as a CA",
                                      certificate_place(i, out.certificates[i]), OS_NOT_TRUSTED));
  }
}

void judge_code_leaf(X509* leaf, Chain& out) {
  const Certificate& certificate = out.certificates.front();
  const std::string where = certificate_place(0, certificate);
  const std::uint32_t usage = X509_get_key_usage(leaf);  // all bits when there is no extension
  if ((usage & (KU_DIGITAL_SIGNATURE | KU_NON_REPUDIATION)) == 0) {
    out.problems.push_back(make_cause("identity.key-usage", "its key usage forbids signatures",
                                      where, OS_NOT_TRUSTED));
  }
  if (has_key_usage(certificate, OID_EKU_CODE_SIGNING)) return;
  const bool installer = kind_of(out.certificates, out.anchor) == Kind::installer;
  out.problems.push_back(
      make_cause(installer ? "identity.installer-certificate" : "identity.key-usage",
                 installer ? "an Installer certificate signs packages (productsign), not code"
                           : "its extended key usage does not allow code signing",
                 where, OS_NOT_TRUSTED));
}

void judge_timestamp_leaf(Chain& out) {
  const Certificate& certificate = out.certificates.front();
  const auto* extension = certificate.extension(OID_EXTENDED_KEY_USAGE);
  const bool right = extension != nullptr && extension->critical &&
                     certificate.key_usages.size() == 1 &&
                     certificate.key_usages.front() == OID_EKU_TIME_STAMPING;
  if (right) return;
  out.problems.push_back(make_cause(
      "identity.timestamp-usage",
      "its extended key usage is not exactly time stamping, marked as critical (RFC 3161, 2.3)",
      certificate_place(0, certificate), OS_TIMESTAMP_NOT_TRUSTED));
}

bool is_sha1_signature(std::string_view oid) {
  return oid == "1.2.840.113549.1.1.5" || oid == "1.2.840.10045.4.1";
}

bool is_broken_signature(std::string_view oid) {  // MD2, MD4, MD5 with RSA
  return oid == "1.2.840.113549.1.1.2" || oid == "1.2.840.113549.1.1.3" ||
         oid == "1.2.840.113549.1.1.4";
}

void judge_strength(Chain& out) {
  for (std::size_t i = 0; i < out.certificates.size(); ++i) {
    const Certificate& each = out.certificates[i];
    const std::string where = certificate_place(i, each);
    const int least = each.key_type == "RSA" ? 2048 : each.key_type == "EC" ? 224 : 0;
    if (each.key_bits < least) {
      auto& list = each.key_bits * 2 < least ? out.problems : out.weak;
      list.push_back(make_cause(
          "identity.weak-key", each.key_type + " key of " + std::to_string(each.key_bits) + " bits",
          where, OS_NOT_TRUSTED));
    }
    const bool is_root = each.self_issued && i > 0;  // its signature proves nothing anyway
    if (is_root) continue;
    if (is_broken_signature(each.signature_algorithm)) {
      out.problems.push_back(
          make_cause("identity.weak-algorithm", "signed with MD5 or older", where, OS_NOT_TRUSTED));
    } else if (is_sha1_signature(each.signature_algorithm)) {
      out.weak.push_back(
          make_cause("identity.weak-algorithm", "signed with SHA-1", where, OS_NONE));
    }
  }
}

Built build(X509* leaf, std::span<const X509Ptr> bag, std::int64_t time,
            const TrustOptions& options) {
  const StackOfBorrowed untrusted;
  for (const X509Ptr& each : bag) sk_X509_push(untrusted.stack, each.get());
  Built built = verify(leaf, untrusted.stack, time);
  X509* last = built.chain.back().get();
  if ((X509_get_extension_flags(last) & EXFLAG_SI) != 0) return built;
  // Not complete: roots that were given, and Apple's own, may be what the CMS leaves out.
  std::vector<X509Ptr> more;
  for (const Bytes& root : options.roots) more.push_back(read_x509(view_of(root)));
  if (options.trust_apple) {
    for (const Bytes& known : known_certificates()) more.push_back(read_x509(view_of(known)));
  }
  for (const X509Ptr& each : more) {
    if (each) sk_X509_push(untrusted.stack, each.get());
  }
  return verify(leaf, untrusted.stack, time);
}

bool is_damaged(X509* x, const std::vector<X509*>& others) {
  bool named = false;
  for (X509* other : others) {
    if (X509_NAME_cmp(X509_get_issuer_name(x), X509_get_subject_name(other)) != 0) continue;
    named = true;
    if (X509_verify(x, X509_get0_pubkey(other)) == 1) return false;
  }
  ERR_clear_error();
  return named;
}

}  // namespace

std::vector<Unused> find_unused(std::span<const X509Ptr> bag,
                                const std::vector<Certificate>& chain) {
  std::vector<X509Ptr> used;
  for (const Certificate& each : chain) used.push_back(read_x509(view_of(each.der)));
  std::vector<X509*> all;
  for (const X509Ptr& each : used) all.push_back(each.get());
  for (const X509Ptr& each : bag) all.push_back(each.get());
  std::vector<Unused> out;
  for (const X509Ptr& each : bag) {
    Certificate certificate = describe(each.get());
    const auto same = [&](const Certificate& other) { return other.der == certificate.der; };
    if (std::any_of(chain.begin(), chain.end(), same)) continue;
    out.push_back({std::move(certificate), is_damaged(each.get(), all)});
  }
  return out;
}

std::string certificate_place(std::size_t index, const Certificate& certificate) {
  std::string name(certificate.subject.common_name());
  if (name.empty()) name = certificate.subject.organization();
  return "certificate " + std::to_string(index) + " (" + name + ")";
}

Chain build_chain(X509* leaf, std::span<const X509Ptr> bag, std::int64_t time, Purpose purpose,
                  const TrustOptions& options) {
  const Built built = build(leaf, bag, time, options);
  Chain out;
  for (const X509Ptr& each : built.chain) out.certificates.push_back(describe(each.get()));
  out.complete = out.certificates.back().self_issued;
  out.anchor = anchor_of(out.certificates.back(), options);
  const int top = static_cast<int>(built.chain.size()) - 1;
  for (const Problem& problem : built.problems) {
    // A root that is trusted by its hash needs no signature; a policy may forbid its SHA-1.
    const bool root_signature =
        problem.depth == top && problem.error == X509_V_ERR_CERT_SIGNATURE_FAILURE;
    if (!(root_signature && out.anchor != Anchor::none && top > 0)) add_problem(problem, out);
  }
  judge_issuers(built.chain, out);
  if (purpose == Purpose::code) judge_code_leaf(leaf, out);
  if (purpose == Purpose::timestamp) judge_timestamp_leaf(out);
  judge_strength(out);
  return out;
}

}  // namespace tenon::cms
