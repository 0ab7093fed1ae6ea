#include <string>

#include "base/bytes.h"
#include "base/result.h"
#include "codesign/verify/answer.h"
#include "codesign/verify/disk_image.h"
#include "codesign/verify/distribution.h"
#include "codesign/verify/file_verdict.h"
#include "codesign/verify/package.h"
#include "codesign/verify/ticket.h"
#include "codesign/verify/verify.h"
#include "format/xar/xar.h"

namespace tenon::codesign {

Result<VerifyAnswer> answer_of_container(const std::string& path, ByteView file,
                                         const VerifyOptions& options) {
  const Shape shape = shape_of(file);
  VerifyAnswer out;
  out.path = path;
  ByteView ticket;
  if (shape == Shape::disk_image) {
    out.file = TENON_TRY(verify_disk_image(file, options));
    if (out.file.is_signed()) ticket = disk_image_ticket(file).value_or(ByteView());
  } else if (shape == Shape::package) {
    out.file = TENON_TRY(verify_package_file(file, options));
    ticket = TENON_TRY(xar::stapled(file)).ticket;
  } else {
    return fail(Errc::unsupported, "neither a disk image nor a package");
  }
  out.file.path = path;
  out.ticket = !ticket.empty();
  if (out.ticket) out.ticket_covers = ticket_covers(ticket, out.file);
  return out;
}

}  // namespace tenon::codesign
