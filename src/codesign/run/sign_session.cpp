#include "codesign/run/sign_session.h"

#include <algorithm>
#include <expected>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "base/result.h"
#include "codesign/cms/cms.h"
#include "codesign/cms/signing.h"
#include "codesign/failure.h"
#include "codesign/run/sign_files.h"
#include "codesign/sign/request.h"
#include "codesign/sign/sign.h"
#include "host/files.h"
#include "host/process.h"

namespace tenon::codesign {
namespace {

std::optional<std::string> password_of(const SignRequest& request) {
  if (!request.password_file) return environment_variable("TENON_SIGN_PASSWORD");
  auto text = read_text(*request.password_file);
  if (!text) return std::nullopt;
  while (!text->empty() && (text->back() == '\n' || text->back() == '\r')) text->pop_back();
  return *std::move(text);
}

Result<void, Failure> load_credentials(const SignRequest& request, SignSession& session) {
  std::vector<cms::CredentialFile> files;
  for (const std::string& name : request.credentials) {
    auto bytes = read_file(name);
    if (!bytes) return failed(FailureKind::identity_file, bytes.error(), name);
    session.files.push_back(*std::move(bytes));
    files.push_back({name, session.files.back().view()});
  }
  if (files.empty()) return {};
  auto identity =
      cms::load_identity(files, [&](const std::string&) { return password_of(request); });
  if (!identity) {
    Failure failure = std::move(identity).error();
    if (failure.kind == FailureKind::password) {
      failure.fix = "--password-file FILE, or the variable TENON_SIGN_PASSWORD";
    }
    return std::unexpected(std::move(failure));
  }
  session.identity = *std::move(identity);
  session.job.options.who = &session.identity;
  return {};
}

Result<void, Failure> load_entitlements(const SignRequest& request, SignSession& session) {
  for (const ScopedText& part : scoped_parts(request.entitlements)) {
    const auto text = read_file(part.value);
    if (!text) return failed(FailureKind::entitlements, text.error(), part.value);
    auto read = TENON_TRY(read_entitlements_file(text->view(), part.value));
    if (part.path.empty()) {
      session.job.options.entitlements = std::move(read);
    } else {
      session.job.scopes.push_back(
          {"--entitlements " + part.path, part.path, std::move(read), std::nullopt});
    }
  }
  return {};
}

}  // namespace

Result<void, Failure> load_session(const SignRequest& request, SignSession& session) {
  session.job.options.threads = std::clamp(std::thread::hardware_concurrency(), 1U, 8U);
  session.job.remove = request.remove;
  session.job.dry_run = request.dry_run;
  session.job.strict = request.strict;
  session.job.keep_inner = request.inner == "keep";
  if (request.outer == "leave") session.job.outer = OuterSeal::leave;
  if (request.outer == "seal") session.job.outer = OuterSeal::seal;
  TENON_TRY(load_credentials(request, session));
  TENON_TRY(load_entitlements(request, session));
  const bool apple = cms::ends_in_apple_root(session.identity.certificates);
  const std::string url = timestamp_source(request, session.job.options.who != nullptr, apple);
  if (!url.empty()) session.job.options.cms.timestamp = timestamp_service(url);
  return {};
}

}  // namespace tenon::codesign
