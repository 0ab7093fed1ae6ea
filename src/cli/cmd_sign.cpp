// tenon sign: signatures for Mach-O files and bundles, ad-hoc or with a certificate.
#include <fmt/format.h>

#include <algorithm>
#include <ctime>
#include <thread>

#include "base/text.h"
#include "cli/term.h"
#include "codesign/blob/layout.h"
#include "codesign/run/certificate_file.h"
#include "codesign/run/sign_files.h"
#include "diag/catalog.h"
#include "host/files.h"
#include "host/process.h"

namespace tenon {
namespace {

constexpr std::string_view apple_timestamp = "http://timestamp.apple.com/ts01";
constexpr std::int64_t day = 86400;
constexpr std::int64_t warn_days = 90;

struct FlagName {
  std::string_view name;
  std::uint32_t flag;
};
// The words of codesign --options.
constexpr FlagName flag_names[] = {{"runtime", codesign::CS_RUNTIME},
                                   {"library", codesign::CS_REQUIRE_LV},
                                   {"library-validation", codesign::CS_REQUIRE_LV},
                                   {"hard", codesign::CS_HARD},
                                   {"kill", codesign::CS_KILL},
                                   {"expires", codesign::CS_CHECK_EXPIRATION},
                                   {"restrict", codesign::CS_RESTRICT},
                                   {"enforcement", codesign::CS_ENFORCEMENT}};

// What has to live as long as the job that borrows it.
struct Session {
  SignJob job;
  identity::SigningIdentity who;
  std::vector<FileBytes> files;
};

Finding finding_of(const identity::Failure& failure, const std::string& path) {
  const bool not_code = failure.code == "sign.not-code" || failure.code == "sign.trailing-data";
  const Code code = not_code                                 ? Code::signing_not_code
                    : failure.code == "sign.timestamp"       ? Code::signing_no_timestamp
                    : failure.code.starts_with("identity.")  ? Code::signing_identity_not_usable
                    : failure.code.starts_with("timestamp.") ? Code::signing_no_timestamp
                                                             : Code::signing_failed;
  std::string where = failure.where.empty() ? path : failure.where;
  Finding finding = make_finding(code, {{"where", where}, {"reason", failure.what}}, path);
  finding.evidence.push_back({Evidence::Kind::file, std::move(where), failure.what});
  if (!failure.fix.empty())
    finding.fixes.insert(finding.fixes.begin(), {Fix::Safety::manual, failure.fix, {}});
  return finding;
}

std::optional<std::string> password_of(const Arguments& arguments) {
  if (arguments.has("--password-file")) {
    auto text = read_text(arguments.get("--password-file"));
    if (!text) return std::nullopt;
    while (!text->empty() && (text->back() == '\n' || text->back() == '\r')) text->pop_back();
    return *std::move(text);
  }
  return environment_variable("TENON_SIGN_PASSWORD");
}

identity::Expected<void> load_who(const Arguments& arguments, Session& session) {
  std::vector<std::string> names;
  for (const std::string_view option : {"--identity", "--key", "--cert"}) {
    const std::string list = arguments.get(option);
    for (const std::string_view name : split(list, ',')) {
      if (!name.empty()) names.emplace_back(name);
    }
  }
  if (names.empty()) return {};
  std::vector<identity::CredentialFile> files;
  session.files.reserve(names.size());
  for (const std::string& name : names) {
    auto bytes = read_file(name);
    if (!bytes) return identity::failed("identity.file", bytes.error().what, name);
    session.files.push_back(*std::move(bytes));
    files.push_back({name, session.files.back().view()});
  }
  auto who =
      identity::load_identity(files, [&](const std::string&) { return password_of(arguments); });
  if (!who) {
    if (who.error().code == "identity.password") {
      who.error().fix = "--password-file FILE, or the variable TENON_SIGN_PASSWORD";
    }
    return std::unexpected(std::move(who).error());
  }
  session.who = *std::move(who);
  session.job.options.who = &session.who;
  return {};
}

void set_timestamp(const Arguments& arguments, Session& session) {
  signing::SignOptions& options = session.job.options;
  if (options.who == nullptr || arguments.has("--no-timestamp")) return;
  std::string url = arguments.get("--timestamp-url");
  // Gatekeeper and the notary want one of a Developer ID; nobody else asks for it.
  const bool wanted =
      arguments.has("--timestamp") || identity::ends_in_apple_root(options.who->certificates);
  if (url.empty() && wanted) url = apple_timestamp;
  if (!url.empty()) options.cms.timestamp = timestamp_service(url);
}

// Text of a failure of use; empty when all is well.
std::string set_flags(const Arguments& arguments, signing::SignOptions& options) {
  std::uint32_t flags = arguments.has("--runtime") ? codesign::CS_RUNTIME : 0;
  const std::string list = arguments.get("--options");
  for (const std::string_view word : split(list, ',')) {
    if (word.empty()) continue;
    const auto found = std::ranges::find(flag_names, word, &FlagName::name);
    if (found == std::end(flag_names)) return fmt::format("--options: unknown flag '{}'", word);
    flags |= found->flag;
  }
  if (arguments.has("--runtime") || arguments.has("--options")) options.flags = flags;
  return {};
}

std::string set_options(const Arguments& arguments, Session& session) {
  signing::SignOptions& options = session.job.options;
  options.threads = std::clamp(std::thread::hardware_concurrency(), 1U, 8U);
  options.identifier = arguments.get("--identifier");
  options.drop_entitlements = arguments.has("--drop-entitlements");
  session.job.remove = arguments.has("--remove");
  session.job.dry_run = arguments.has("--dry-run");
  if (arguments.has("--page-size")) {
    const auto size = parse_number(arguments.get("--page-size"));
    if (size != 4096U && size != 16384U) return "--page-size is 4096 or 16384";
    options.page_size = static_cast<std::uint32_t>(*size);
  }
  if (arguments.has("--requirements")) {
    const std::string text = arguments.get("--requirements");
    auto set = requirement::compile_set(text.starts_with('=') ? text.substr(1) : text,
                                        certificate_files());
    if (!set) {
      return fmt::format("--requirements: {} (at {})", set.error().message, set.error().offset);
    }
    options.requirements = *std::move(set);
  }
  return set_flags(arguments, options);
}

identity::Expected<void> load_entitlements(const Arguments& arguments, Session& session) {
  const std::string name = arguments.get("--entitlements");
  if (name.empty()) return {};
  const auto text = read_file(name);
  if (!text) return identity::failed("sign.entitlements", text.error().what, name);
  session.job.options.entitlements = TENON_TRY(signing::read_entitlements_file(text->view(), name));
  return {};
}

void warn_of_expiry(const Session& session, Report& report) {
  const auto now = static_cast<std::int64_t>(std::time(nullptr));
  for (const identity::Certificate& each : session.who.certificates) {
    if (each.subject.common_name() == each.issuer.common_name()) continue;
    const std::int64_t left = (each.not_after - now) / day;
    if (left > warn_days) continue;
    report.findings.push_back(make_finding(
        Code::signing_certificate_expires,
        {{"name", std::string(each.subject.common_name())}, {"days", std::to_string(left)}},
        std::string(each.subject.common_name())));
  }
}

Data step_data(const SignStep& step) {
  Data out = Data::object();
  out.add("path", step.path);
  out.add("what", step.what);
  out.add("sealed", step.sealed);
  Data slices = Data::array();
  for (const signing::SignedSlice& slice : step.slices) {
    Data row = Data::object();
    row.add("arch", slice.arch);
    row.add("identifier", slice.identifier);
    row.add("team", slice.team.empty() ? Data() : Data(slice.team));
    row.add("cdhash", slice.cdhash);
    Data flags = Data::array();
    for (const std::string& name : signing::flag_names(slice.flags)) flags.push(name);
    row.add("flags", std::move(flags));
    row.add("page_size", static_cast<std::int64_t>(slice.page_size));
    row.add("timestamp", slice.timestamp);
    slices.push(std::move(row));
  }
  out.add("slices", std::move(slices));
  Data lost = Data::array();
  for (const signing::Cause& cause : step.lost) {
    Data row = Data::object();
    row.add("code", cause.code);
    row.add("message", cause.message);
    row.add("where", cause.where);
    lost.push(std::move(row));
  }
  out.add("lost", std::move(lost));
  return out;
}

std::string step_text(const SignStep& step, bool remove) {
  std::string out = fmt::format("{}: {}", step.path, remove ? "signature removed" : step.what);
  if (!step.slices.empty()) {
    std::vector<std::string> archs;
    for (const signing::SignedSlice& slice : step.slices) archs.push_back(slice.arch);
    const signing::SignedSlice& first = step.slices.front();
    out += fmt::format(", {}, {}", join(archs, " "), first.identifier);
    out += fmt::format(", {}", join(signing::flag_names(first.flags), ","));
    if (!first.team.empty()) out += ", team " + first.team;
    if (first.timestamp) out += ", timestamped";
    if (step.sealed) out += ", resources sealed";
  }
  return without_controls(out) + "\n";
}

int usage(Term& term, Report& report, std::string message) {
  report.ok = false;
  report.findings.push_back(
      make_finding(Code::usage_bad_option, {{"message", std::move(message)}}, "tenon sign"));
  return term.finish(report, exit_usage);
}

int refuse(Term& term, Report& report, const identity::Failure& failure, const std::string& path) {
  report.ok = false;
  report.findings.push_back(finding_of(failure, path));
  const bool not_code = report.findings.back().code == Code::signing_not_code;
  if (failure.code == "sign.interrupted") return term.finish(report, exit_interrupted);
  return term.finish(report, not_code ? exit_undecided : exit_no);
}

void add_steps(const std::vector<SignStep>& steps, bool remove, Report& report, Data& files) {
  for (const SignStep& step : steps) {
    files.push(step_data(step));
    report.text += step_text(step, remove);
    if (remove) continue;
    for (const signing::Cause& cause : step.lost) {
      report.findings.push_back(make_finding(
          Code::signing_lost, {{"arch", cause.where}, {"message", cause.message}}, step.path));
    }
  }
}

int run(const Arguments& arguments) {
  Term term(arguments);
  Report report;
  report.command = "sign";
  if (arguments.positional.empty()) return usage(term, report, "name a file or a bundle");
  Session session;
  std::string problem = set_options(arguments, session);
  if (!problem.empty()) return usage(term, report, problem);
  if (const auto loaded = load_who(arguments, session); !loaded) {
    return refuse(term, report, loaded.error(), "tenon sign");
  }
  if (const auto loaded = load_entitlements(arguments, session); !loaded) {
    return refuse(term, report, loaded.error(), "tenon sign");
  }
  set_timestamp(arguments, session);
  warn_of_expiry(session, report);
  catch_interrupts();
  Data files = Data::array();
  for (const std::string& path : arguments.positional) {
    term.status("signing " + path);
    const auto steps = sign_path(path, session.job);
    term.clear_status();
    if (!steps) {
      report.data.add("files", std::move(files));
      return refuse(term, report, steps.error(), path);
    }
    add_steps(*steps, session.job.remove, report, files);
  }
  report.data.add("dry_run", session.job.dry_run);
  report.data.add("files", std::move(files));
  return term.finish(report, exit_ok);
}

constexpr OptionSpec options[] = {
    {"--identity", "LIST", "files with key and certificate: PKCS#12, PEM or DER; none: ad-hoc"},
    {"--key", "FILE", "the private key, if it is in a separate file"},
    {"--cert", "LIST", "certificates, if they are in separate files"},
    {"--password-file", "FILE", "password of the key; or the variable TENON_SIGN_PASSWORD"},
    {"--identifier", "NAME", "identifier; default: Info.plist's, the old one, or the file's name"},
    {"--entitlements", "FILE", "entitlements for the program, as a property list"},
    {"--drop-entitlements", "", "do not keep the entitlements of the old signature"},
    {"--runtime", "", "enable the hardened runtime"},
    {"--options", "LIST", "runtime, library, hard, kill, expires, restrict, enforcement"},
    {"--requirements", "TEXT", "requirements in Apple's language, instead of the default"},
    {"--timestamp", "", "ask Apple for a timestamp; the default with Apple's certificates"},
    {"--timestamp-url", "URL", "ask another service (RFC 3161)"},
    {"--no-timestamp", "", "do not add a timestamp"},
    {"--page-size", "BYTES", "4096 or 16384; default: the page of the machine"},
    {"--remove", "", "remove the signature"},
    {"--dry-run", "", "print the plan and write nothing"},
};

constexpr Example examples[] = {
    {"tenon sign dist/app", "ad-hoc: enough to run on your own arm64 Mac"},
    {"tenon sign --identity id.p12 --runtime dist/app", "for distribution, with a timestamp"},
    {"tenon sign --identity id.p12 --runtime --entitlements e.plist My.app",
     "a bundle, from the inside out"},
    {"tenon sign --dry-run My.app", "which files would be signed, in which order"},
};

constexpr std::string_view text =
    "Signs Mach-O files (programs, libraries, loadable bundles; thin or universal) and bundles in\n"
    "place: writes the new file beside the old one, verifies it, and renames it. Keeps "
    "entitlements\n"
    "and flags of an old signature, and reports what is lost. Linker-signed files get a real\n"
    "identifier, never a.out. Exit code 2: the file cannot be signed (.a, .o), or has appended "
    "data.";

}  // namespace

extern const CommandSpec command_sign;
const CommandSpec command_sign{.name = "sign",
                               .summary = "sign a file or bundle, ad-hoc or with a certificate",
                               .usage = "PATH... [OPTIONS]",
                               .description = text,
                               .options = options,
                               .examples = examples,
                               .run = run};

}  // namespace tenon
