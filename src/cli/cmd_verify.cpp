// tenon verify: whether the signature of a file or bundle holds, who made it, what may be believed.
#include <span>
#include <string_view>
#include <utility>

#include "base/base64.h"
#include "cli/html_file.h"
#include "cli/table.h"
#include "cli/term.h"
#include "cli/usage.h"
#include "codesign/run/print_part.h"
#include "codesign/run/verify_paths.h"
#include "codesign/usage.h"
#include "codesign/verdict.h"
#include "codesign/verify/answer.h"
#include "codesign/verify/page.h"
#include "codesign/verify/request.h"
#include "diag/codes.h"
#include "diag/report.h"

namespace tenon {
namespace {

codesign::VerifyRequest request_of(const Arguments& arguments) {
  codesign::VerifyRequest out;
  out.paths = arguments.positional;
  out.trust_roots = codesign::list_parts(arguments.get("--trust-root"));
  out.rules = codesign::list_parts(arguments.get("--require"));
  if (arguments.has("--requirement")) out.requirement = arguments.get("--requirement");
  out.allowed = codesign::list_parts(arguments.get("--allow"));
  out.strict = arguments.has("--strict");
  out.distribution = arguments.has("--for-distribution");
  return out;
}

Data printed_data(const codesign::PrintRequest& request, const codesign::PrintedPart& printed) {
  Data out = Data::object();
  out.add("part", request.part);
  out.add("arch", printed.arch);
  out.add("text", printed.text ? Data(printed.bytes) : Data());
  out.add("base64", to_base64(std::as_bytes(std::span(printed.bytes))));
  return out;
}

int print(Term& term, Report& report, const Arguments& arguments) {
  if (arguments.positional.size() != 1) return usage(term, report, "--print takes one path");
  const codesign::PrintRequest request{arguments.positional.front(), arguments.get("--print"),
                                       arguments.get("--arch")};
  auto printed = codesign::print_part(request);
  if (!printed) {
    const Code code = printed.error().code;
    if (code == Code::usage_bad_option) return usage(term, report, std::move(printed).error());
    report.ok = false;
    report.findings.push_back(std::move(printed).error());
    return term.finish(report, code == Code::verify_no_such_part ? exit_no : exit_undecided);
  }
  // The part itself, for a pipe.
  if (!term.json()) return print_document(printed->bytes) ? exit_ok : exit_undecided;
  report.data.add("printed", printed_data(request, *printed));
  return term.finish(report, exit_ok);
}

int exit_code(codesign::State state) {
  switch (state) {
    case codesign::State::invalid: return exit_no;
    case codesign::State::unknown: return exit_undecided;
    default: return exit_ok;
  }
}

int run(const Arguments& arguments) {
  Term term(arguments);
  Report report;
  report.command = "verify";
  if (arguments.positional.empty()) return usage(term, report, "no file or bundle given");
  if (arguments.has("--print") && arguments.has("--html"))
    return usage(term, report, "--print has no page");
  if (arguments.has("--print")) return print(term, report, arguments);
  const codesign::VerifyRequest request = request_of(arguments);
  auto result = codesign::verify_paths(request);
  if (!result) return usage(term, report, std::move(result).error());
  codesign::add_to_report(*result, request.distribution, term.verbose(), term.style(), report);
  if (arguments.has("--html")) {
    if (auto bad = write_page(arguments.get("--html"), codesign::verify_page(*result), report))
      return usage(term, report, *std::move(bad));
  }
  return term.finish(report, exit_code(codesign::overall_state(*result)));
}

constexpr OptionSpec options[] = {
    {"--trust-root", "LIST", "certificate files (PEM or DER) to trust in addition to Apple's root"},
    {"--strict", "", "reject what only strict validation rejects, as Gatekeeper does"},
    {"--require", "LIST", "trusted, developer-id, team=ID, runtime, timestamp and more", false,
     "trusted developer-id team= identifier= runtime timestamp no-get-task-allow entitlements= "
     "entitlements-well-formed all-slices-same-id not-expired"},
    {"-R,--requirement", "TEXT", "a code requirement to check, in Apple's requirement language"},
    {"--allow", "LIST", "accept a downgrade (to ad-hoc), mixed-signers (of the slices)", false,
     "downgrade mixed-signers"},
    {"--print", "PART", "entitlements, requirement, certificates, codedirectory, cms: only that",
     false, "entitlements requirement certificates codedirectory cms"},
    {"--arch", "ARCH", "with --print: the slice"},
    {"--for-distribution", "",
     "print the Apple command for this kind of file, and its expected result"},
    {"--html", "FILE", "the judgement as one page for a browser, down to each slot"},
    format_option,
    save_option,
};

constexpr Example examples[] = {
    {"tenon verify dist/darwin-arm64/app", "whether the signature is valid, and who signed"},
    {"tenon verify --json My.app | jq '.data.slices[].integrity'", "a bundle, for scripts"},
    {"tenon verify --require team=ABCDE12345,runtime,timestamp dist/app", "a gate for a pipeline"},
    {"tenon verify --print entitlements My.app > My.entitlements", "for the next signing"},
    {"tenon verify --for-distribution dist/app", "what codesign, spctl and the notary will report"},
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
                                 .run = run,
                                 .operands = "FILE"};

}  // namespace tenon
