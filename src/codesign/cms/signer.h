// The mathematics of one signer: which certificate it names, whether its signature and its message
// digest are right. The same for code and for timestamps.
#pragma once

#include <span>

#include "codesign/cms/cms.h"
#include "codesign/cms/openssl_ptr.h"
#include "codesign/cms/signed_data.h"

namespace tenon::cms {

// The certificate that the signer names; nullptr when it is not in the bag.
[[nodiscard]] X509* find_signer(const SignerInfo& signer, std::span<const X509Ptr> bag);
// The signature over the signed attributes as they lie there or, without any, over `content`.
[[nodiscard]] Verdict check_signature(const SignerInfo& signer, X509* certificate,
                                      ByteView content);
// contentType and messageDigest against `content`. none without signed attributes.
[[nodiscard]] Verdict check_message_digest(const SignerInfo& signer, std::string_view content_type,
                                           ByteView content);

}  // namespace tenon::cms
