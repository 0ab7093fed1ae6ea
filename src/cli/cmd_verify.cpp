// tenon verify: whether the signature of a file or bundle holds, who made it, what may be believed.
#include <fmt/format.h>

#include <algorithm>
#include <thread>

#include "base/text.h"
#include "cli/term.h"
#include "cli/verify/show.h"
#include "codesign/cms/signing.h"
#include "codesign/run/bundle_of.h"
#include "codesign/run/certificate_file.h"
#include "codesign/run/mapped_window.h"
#include "codesign/verify/distribution.h"
#include "codesign/verify/policy.h"
#include "codesign/verify/requirements.h"
#include "codesign/verify/verify.h"
#include "diag/catalog.h"
#include "format/macho/macho.h"
#include "host/disk_tree.h"
#include "host/files.h"

namespace tenon {
namespace {

using signing::State;

struct Job {
  signing::VerifyOptions options;
  MappedWindow window;
  bool distribution = false;
  std::vector<VerifyAnswer> answers;
  std::vector<Finding> findings;
  std::size_t skipped = 0;

  Job() {
    options.threads = std::clamp(std::thread::hardware_concurrency(), 1U, 8U);
    options.window = &window;
  }
};

Finding read_problem(const std::string& path, const Error& error) {
  return make_finding(Code::usage_unreadable_input, {{"path", path}, {"reason", error.what}}, path);
}

void advise(signing::Shape shape, const signing::FileVerdict& file, VerifyAnswer& answer) {
  answer.advice = signing::advice_for(shape, answer.path, file, answer.ticket);
}

bool verify_folder_bundle(const std::string& path, Job& job) {
  auto tree = DiskTree::open(path);
  if (!tree) return false;
  auto verdict = signing::verify_bundle(**tree, "", job.options);
  if (!verdict) return false;
  VerifyAnswer answer;
  answer.path = path;
  answer.file = std::move(verdict->main);
  answer.nested = std::move(verdict->nested);
  answer.bundle = verdict->layout;
  answer.sealed = verdict->sealed;
  answer.ticket = verdict->ticket;
  if (job.distribution) {
    const bool app = path.ends_with(".app") || path.ends_with(".app/");
    advise(app ? signing::Shape::app : signing::Shape::bundle, answer.file, answer);
  }
  job.answers.push_back(std::move(answer));
  return true;
}

// Not Mach-O: not verified here, but say which Apple tool would verify it.
void add_foreign(const std::string& path, ByteView bytes, const Error& error, Job& job) {
  const signing::Shape shape = signing::shape_of(bytes);
  if (job.distribution && shape != signing::Shape::other) {
    VerifyAnswer answer;
    answer.path = path;
    advise(shape, {}, answer);
    job.answers.push_back(std::move(answer));
  }
  using signing::Shape;
  const char* what = error.what;
  if (shape == Shape::package) what = "signatures of installer packages are not read";
  if (shape == Shape::disk_image) what = "signatures of disk images are not read";
  if (shape == Shape::archive) what = "a static library cannot be signed";
  job.findings.push_back(
      make_finding(Code::verify_not_readable_here, {{"path", path}, {"reason", what}}, path));
}

// False when the file is of another kind and nobody named it.
bool verify_one_file(const std::string& path, bool named, Job& job) {
  const auto mapping = map_file(path);
  if (!mapping) {
    job.findings.push_back(read_problem(path, mapping.error()));
    return true;
  }
  auto verdict = signing::verify_file(mapping->view(), job.options);
  if (!verdict) {
    if (named) add_foreign(path, mapping->view(), verdict.error(), job);
    return named;
  }
  VerifyAnswer answer;
  answer.path = path;
  answer.file = std::move(*verdict);
  answer.file.path = path;
  if (job.distribution) advise(signing::shape_of(mapping->view()), answer.file, answer);
  job.answers.push_back(std::move(answer));
  return true;
}

bool looks_like_macho(const std::string& path) {
  const auto mapping = map_file(path);
  return mapping && macho::slices(mapping->view()).has_value();
}

// Everything signed below a folder that is no bundle itself.
void verify_folder(const std::string& folder, Job& job) {
  for (const std::string& name : list_folder(folder)) {
    const std::string path = join_path(folder, name);
    if (is_link(path)) continue;
    if (is_folder(path)) {
      if (!verify_folder_bundle(path, job)) verify_folder(path, job);
    } else if (is_file(path) && looks_like_macho(path)) {
      verify_one_file(path, false, job);
    }
  }
}

void verify_path(const std::string& path, Job& job) {
  if (is_folder(path)) {
    if (!verify_folder_bundle(path, job)) verify_folder(path, job);
    return;
  }
  const std::string bundle = bundle_of(path);
  if (!bundle.empty() && verify_folder_bundle(bundle, job)) {
    job.answers.back().path = path;
    return;
  }
  verify_one_file(path, true, job);
}

// Text of a failure to load roots, empty when all is well.
std::string load_roots(const std::string& list, Job& job) {
  for (const std::string_view path : split(list, ',')) {
    if (path.empty()) continue;
    const std::string name(path);
    const auto bytes = read_file(name);
    if (!bytes) return fmt::format("--trust-root {}: {}", name, bytes.error().what);
    auto roots = identity::read_certificates({name, bytes->view()});
    if (!roots) return fmt::format("--trust-root {}: {}", name, roots.error().what);
    for (identity::Bytes& root : *roots) job.options.trust.roots.push_back(std::move(root));
  }
  return {};
}

// Text of a failure, empty when all is well.
std::string apply_rules(const std::string& list, Job& job) {
  std::vector<std::string> rules;
  for (const std::string_view word : split(list, ',')) {
    if (!word.empty()) rules.emplace_back(word);
  }
  for (VerifyAnswer& answer : job.answers) {
    const auto unknown = signing::apply_policy(rules, answer.file);
    if (!unknown) continue;
    std::vector<std::string> names;
    for (const auto& each : signing::policy_names()) names.emplace_back(each.name);
    return fmt::format("--require: unknown rule '{}'; known rules: {}", *unknown,
                       join(names, ", "));
  }
  return {};
}

// Text of a failure, empty when all is well.
std::string apply_text(const std::string& text, Job& job) {
  const auto wanted =
      requirement::compile(text.starts_with('=') ? text.substr(1) : text, certificate_files());
  if (!wanted) {
    return fmt::format("--requirement: {} (at {})", wanted.error().message, wanted.error().offset);
  }
  for (VerifyAnswer& answer : job.answers) {
    for (signing::SliceVerdict& slice : answer.file.slices) {
      if (!slice.is_signed()) continue;
      signing::apply_requirement(*wanted, "--requirement", OS_REQ_FAILED, slice);
    }
  }
  return {};
}

State worst_of(const std::vector<VerifyAnswer>& answers) {
  State worst = State::none;
  for (const VerifyAnswer& answer : answers) worst = std::max(worst, answer.file.state());
  return worst;
}

int exit_code(const Job& job) {
  const bool all_signed = std::ranges::all_of(job.answers, [](const VerifyAnswer& answer) {
    return answer.file.slices.empty() || answer.file.is_signed();
  });
  const State worst = worst_of(job.answers);
  if (worst == State::invalid || !all_signed) return exit_no;
  if (!job.findings.empty() || job.answers.empty() || worst == State::unknown) {
    return exit_undecided;
  }
  return exit_ok;
}

// One finding a path: its gravest cause.
void add_finding(const VerifyAnswer& answer, Report& report) {
  struct Part {
    Code code;
    const signing::Judgement* judgement;
  };
  for (const signing::SliceVerdict& slice : answer.file.slices) {
    const Part parts[] = {{Code::verify_changed_after_signing, &slice.integrity},
                          {Code::verify_identity_not_proven, &slice.identity},
                          {Code::verify_not_trusted, &slice.trust}};
    for (const Part& part : parts) {
      if (part.judgement->state != State::invalid) continue;
      const signing::Cause& cause = part.judgement->causes.front();
      Finding finding = make_finding(part.code,
                                     {{"arch", slice.arch},
                                      {"where", cause.where},
                                      {"message", cause.message},
                                      {"path", answer.path}},
                                     answer.path);
      finding.evidence.push_back({Evidence::Kind::file, cause.where, cause.message});
      report.findings.push_back(std::move(finding));
      return;
    }
    if (slice.is_signed() || answer.file.is_signed()) continue;
    report.findings.push_back(make_finding(
        Code::verify_not_signed, {{"arch", slice.arch}, {"path", answer.path}}, answer.path));
    return;
  }
}

int finish(Term& term, Report& report, Job& job) {
  Data slices = Data::array(), bundles = Data::array(), warnings = Data::array(),
       advice = Data::array();
  for (const VerifyAnswer& answer : job.answers) {
    for (const auto& slice : answer.file.slices) {
      slices.push(slice_verdict_data(answer.path, slice));
    }
    report.text += verdict_text(answer, term.verbose(), term.style());
    add_finding(answer, report);
    if (!answer.file.warnings.empty()) {
      Data each = Data::object();
      each.add("path", answer.path);
      each.add("warnings", causes_data(answer.file.warnings));
      warnings.push(std::move(each));
    }
    if (answer.advice) advice.push(advice_data(answer.path, *answer.advice));
    if (answer.bundle.empty()) continue;
    Data bundle = Data::object();
    bundle.add("path", answer.path);
    bundle.add("layout", answer.bundle);
    bundle.add("sealed_files", static_cast<std::int64_t>(answer.sealed));
    bundle.add("ticket", answer.ticket);
    Data nested = Data::array();
    for (const auto& each : answer.nested) nested.push(nested_verdict_data(each));
    bundle.add("nested", std::move(nested));
    bundles.push(std::move(bundle));
  }
  report.data.add("slices", std::move(slices));
  report.data.add("bundles", std::move(bundles));
  report.data.add("warnings", std::move(warnings));
  if (job.distribution) report.data.add("distribution", std::move(advice));
  for (Finding& finding : job.findings) report.findings.push_back(std::move(finding));
  const int code = exit_code(job);
  report.ok = code == exit_ok;
  return term.finish(report, code);
}

int usage(Term& term, Report& report, std::string message) {
  report.ok = false;
  report.findings.push_back(
      make_finding(Code::usage_bad_option, {{"message", std::move(message)}}, "tenon verify"));
  return term.finish(report, exit_usage);
}

int run(const Arguments& arguments) {
  Term term(arguments);
  Report report;
  report.command = "verify";
  if (arguments.positional.empty()) return usage(term, report, "name a file or a bundle");
  Job job;
  job.options.strict = arguments.has("--strict");
  job.distribution = arguments.has("--for-distribution");
  std::string problem = load_roots(arguments.get("--trust-root"), job);
  if (!problem.empty()) return usage(term, report, problem);
  for (const std::string& path : arguments.positional) verify_path(path, job);
  problem = apply_rules(arguments.get("--require"), job);
  if (problem.empty() && arguments.has("--requirement")) {
    problem = apply_text(arguments.get("--requirement"), job);
  }
  if (!problem.empty()) return usage(term, report, problem);
  return finish(term, report, job);
}

constexpr OptionSpec options[] = {
    {"--trust-root", "LIST", "certificate files (PEM or DER) to trust in addition to Apple's root"},
    {"--strict", "", "reject what only strict validation rejects, as Gatekeeper does"},
    {"--require", "LIST", "trusted, developer-id, team=ID, runtime, timestamp and more"},
    {"-R,--requirement", "TEXT", "a code requirement to check, in Apple's language"},
    {"--for-distribution", "", "name the Apple command for this kind of file, and its answer"},
};

constexpr Example examples[] = {
    {"tenon verify dist/darwin-arm64/app", "is the signature valid, and who made it?"},
    {"tenon verify --json My.app | jq '.data.slices[].integrity'", "a bundle, for scripts"},
    {"tenon verify --require team=ABCDE12345,runtime,timestamp dist/app", "a gate for a pipeline"},
    {"tenon verify --for-distribution dist/app", "what codesign, spctl and the notary will say"},
};

constexpr std::string_view text =
    "Makes three judgements of each slice. Integrity: every page, slot and CodeDirectory, the\n"
    "structure of the file, and the sealed resources of a bundle. Identity: the CMS over exactly\n"
    "these bytes, the chain at signing time, the timestamp, the team. Trust: the root, and the\n"
    "designated requirement.\n"
    "Exit code 0: signed and nothing is invalid; 1: unsigned or invalid; 2: could not be checked.";

}  // namespace

extern const CommandSpec command_verify;
const CommandSpec command_verify{.name = "verify",
                                 .summary = "check the code signature of a file or bundle",
                                 .usage = "PATH... [OPTIONS]",
                                 .description = text,
                                 .options = options,
                                 .examples = examples,
                                 .run = run};

}  // namespace tenon
