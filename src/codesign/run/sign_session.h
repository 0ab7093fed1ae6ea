// Loads what a signing request names: the key and its certificates, entitlements, a timestamp
// service.
#pragma once

#include <deque>
#include <vector>

#include "codesign/run/sign_files.h"
#include "codesign/sign/request.h"
#include "host/files.h"

namespace tenon::codesign {

// The job with all that it borrows. Not to be moved: `job` points into it.
struct SignSession {
  SignSession() = default;
  SignSession(const SignSession&) = delete;
  SignSession& operator=(const SignSession&) = delete;

  SignJob job;
  cms::SigningIdentity identity;
  std::deque<FileBytes> files;  // of the credentials
};

// Fills `session`, whose job has the options of the request already.
[[nodiscard]] Result<void, Failure> load_session(const SignRequest& request, SignSession& session);

}  // namespace tenon::codesign
