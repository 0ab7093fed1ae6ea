// tenon sign: signatures for Mach-O files and bundles, ad-hoc or with a certificate.
#include <algorithm>
#include <cstdint>
#include <ctime>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/shown.h"
#include "cli/table.h"
#include "cli/term.h"
#include "cli/usage.h"
#include "codesign/cms/cms.h"
#include "codesign/failure.h"
#include "codesign/run/certificate_file.h"
#include "codesign/run/sign_files.h"
#include "codesign/run/sign_session.h"
#include "codesign/sign/request.h"
#include "codesign/sign/step.h"
#include "codesign/usage.h"
#include "diag/finding.h"
#include "diag/report.h"
#include "host/process.h"

namespace tenon {
namespace {

codesign::SignRequest request_of(const Arguments& arguments) {
  const auto optional = [&](std::string_view name) {
    return arguments.has(name) ? std::optional(arguments.get(name)) : std::nullopt;
  };
  codesign::SignRequest out;
  out.paths = arguments.positional;
  for (const std::string_view option : {"--identity", "--key", "--cert"}) {
    for (std::string& name : codesign::list_parts(arguments.get(option))) {
      out.credentials.push_back(std::move(name));
    }
  }
  out.password_file = optional("--password-file");
  out.identifier = arguments.get("--identifier");
  out.entitlements = arguments.get("--entitlements");
  out.timestamp_url = arguments.get("--timestamp-url");
  out.page_size = optional("--page-size");
  out.flags = optional("--options");
  out.requirements = optional("--requirements");
  out.preserve = optional("--preserve-metadata");
  out.inner = optional("--inner");
  out.outer = optional("--outer");
  out.strict = !arguments.has("--no-strict");
  out.drop_entitlements = arguments.has("--drop-entitlements");
  out.runtime = arguments.has("--runtime");
  out.timestamp = arguments.has("--timestamp");
  out.no_timestamp = arguments.has("--no-timestamp");
  out.remove = arguments.has("--remove");
  out.dry_run = arguments.has("--dry-run");
  return out;
}

int refuse(Term& term, Report& report, const codesign::Failure& failure, const std::string& path) {
  using codesign::FailureKind;
  report.ok = false;
  report.findings.push_back(codesign::finding_of(failure, path));
  if (failure.kind == FailureKind::interrupted) return term.finish(report, exit_interrupted);
  return term.finish(report, codesign::is_undecided(failure) ? exit_undecided : exit_no);
}

void add_step(const codesign::SignStep& step, bool remove, Report& report, Data& files) {
  files.push(codesign::step_data(step));
  report.text += codesign::step_text(step, remove);
  for (Finding& finding : codesign::loss_findings(step, remove)) {
    report.findings.push_back(std::move(finding));
  }
}

std::int64_t now() { return static_cast<std::int64_t>(std::time(nullptr)); }

// The service of the timestamps is the same for all files: each of its authorities once.
void add_authorities(const codesign::SignStep& step, std::vector<cms::Certificate>& all) {
  for (const cms::Certificate& each : step.authorities) {
    const auto same = [&](const cms::Certificate& known) { return known.sha256 == each.sha256; };
    if (std::ranges::none_of(all, same)) all.push_back(each);
  }
}

int sign_all(Term& term, Report& report, const codesign::SignRequest& request,
             const codesign::SignJob& job, bool quiet) {
  Data files = Data::array();
  std::vector<cms::Certificate> authorities;
  for (const std::string& path : request.paths) {
    term.status(shown_format("signing {}", path));
    const auto steps = codesign::sign_path(path, job);
    term.clear_status();
    if (!steps) {
      report.data.add("files", std::move(files));
      return refuse(term, report, steps.error(), path);
    }
    for (const codesign::SignStep& step : *steps) {
      add_step(step, request.remove, report, files);
      add_authorities(step, authorities);
    }
  }
  for (Finding& finding : codesign::expiry_findings(authorities, now())) {
    report.findings.push_back(std::move(finding));
  }
  if (quiet) report.text = {};
  report.data.add("dry_run", request.dry_run);
  report.data.add("files", std::move(files));
  return term.finish(report, exit_ok);
}

int run(const Arguments& arguments) {
  Term term(arguments);
  Report report;
  report.command = "sign";
  if (arguments.positional.empty()) return usage(term, report, "no file or bundle given");
  const codesign::SignRequest request = request_of(arguments);
  auto options = codesign::read_sign_options(request, codesign::certificate_files());
  if (!options) return usage(term, report, std::move(options).error());
  auto scopes = codesign::read_scopes(request);
  if (!scopes) return usage(term, report, std::move(scopes).error());
  codesign::SignSession session;
  session.job.options = *std::move(options);
  session.job.scopes = *std::move(scopes);
  if (const auto loaded = codesign::load_session(request, session); !loaded) {
    return refuse(term, report, loaded.error(), "tenon sign");
  }
  report.findings = codesign::expiry_findings(session.identity.certificates, now());
  catch_interrupts();
  return sign_all(term, report, request, session.job, arguments.has("--quiet"));
}

constexpr OptionSpec options[] = {
    {"--identity", "LIST", "files with key and certificate: PKCS#12, PEM or DER; none: ad-hoc"},
    {"--key", "FILE", "the private key, if it is in a separate file"},
    {"--cert", "LIST", "certificates, if they are in separate files"},
    {"--password-file", "FILE", "password of the key; or the variable TENON_SIGN_PASSWORD"},
    {"--identifier", "NAME", "identifier; default: that of Info.plist, or the file's name"},
    {"--entitlements", "LIST", "entitlements for the program: FILE; for other code: PATH=FILE"},
    {"--drop-entitlements", "", "do not keep the entitlements of the old signature"},
    {"--runtime", "", "enable the hardened runtime"},
    {"--options", "LIST", "runtime, library, hard, kill, expires, restrict, enforcement; PATH=A+B",
     false, "runtime library hard kill expires restrict enforcement"},
    {"--preserve-metadata", "LIST", "what stays of the old signature; default: entitlements,flags",
     false, "entitlements flags identifier requirements runtime"},
    {"--inner", "HOW", "code inside of a bundle: sign it, or keep what is validly signed", false,
     "sign keep"},
    {"--outer", "HOW", "the valid bundle around it: refuse to break it, leave it, or seal it",
     false, "refuse leave seal"},
    {"--no-strict", "", "sign a bundle that strict validation will reject"},
    {"--requirements", "TEXT",
     "requirements in Apple's requirement language, instead of the default"},
    {"--timestamp", "", "ask Apple for a timestamp; the default with Apple's certificates"},
    {"--timestamp-url", "URL", "ask another service (RFC 3161)"},
    {"--no-timestamp", "", "do not add a timestamp"},
    {"--page-size", "BYTES", "4096 or 16384; default: the machine's page size"},
    {"--remove", "", "remove the signature"},
    {"--dry-run", "", "print the plan and write nothing"},
    format_option,
    save_option,
};

constexpr Example examples[] = {
    {"tenon sign dist/app", "ad-hoc: enough to run on your own arm64 Mac"},
    {"tenon sign --identity id.p12 --runtime dist/app", "for distribution, with a timestamp"},
    {"tenon sign --identity id.p12 --runtime --entitlements e.plist My.app",
     "a bundle, from the inside out"},
    {"tenon sign --entitlements 'e.plist,Contents/Frameworks/H*.app=h.plist' My.app",
     "other entitlements for helpers"},
    {"tenon sign --dry-run My.app", "which files would be signed, in which order"},
};

constexpr std::string_view text =
    "Signs Mach-O files (programs, libraries, loadable bundles; thin or universal) and bundles in\n"
    "place: writes the new file beside the old one, verifies it, and renames it. Bundles are "
    "signed\n"
    "from the inside out, wherever they lie, and verified as a whole. Keeps entitlements and flags "
    "of\n"
    "an old signature, and reports what is lost. Linker-signed files get a real identifier, never\n"
    "a.out. Exit code 2: the file cannot be signed (.a, .o), or has appended "
    "data.";

}  // namespace

extern const CommandSpec command_sign;
const CommandSpec command_sign{.name = "sign",
                               .summary = "sign a file or bundle, ad-hoc or with a certificate",
                               .usage = "PATH... [OPTIONS]",
                               .description = text,
                               .options = options,
                               .examples = examples,
                               .run = run,
                               .operands = "FILE"};

}  // namespace tenon
