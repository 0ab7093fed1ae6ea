// tenon/explain.h. Public structs are copies of internal ones, field by field, so that these may
// change without a new version of the API.
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "base/shell_word.h"
#include "diag/catalog.h"
#include "diag/code.h"
#include "diagnose/answer.h"
#include "diagnose/causes/causes.h"
#include "diagnose/log.h"
#include "diagnose/run/ask.h"
#include "diagnose/run/host_snapshot.h"
#include "host/files.h"
#include "tenon/explain.h"

namespace tenon::api::inline v1 {
namespace {

Confidence public_confidence(Sureness sureness) {
  if (sureness == Sureness::certain) return Confidence::certain;
  return sureness == Sureness::likely ? Confidence::likely : Confidence::possible;
}

Cause public_cause(const Log& log, const Candidate& candidate) {
  const tenon::Cause& cause = *candidate.cause;
  Cause out{.slug = std::string(cause.slug),
            .code = std::string(code_text(cause.code)),
            .title = std::string(cause.title),
            .message = candidate.message.text(),
            .confidence = public_confidence(candidate.sureness),
            .harmless = cause.harmless,
            .evidence = {},
            .fix = candidate.fix.text(),
            .commands = {},
            .decide = quoted(candidate.decide).text()};
  for (const ShellCommand& command : candidate.commands) {
    out.commands.push_back(arguments_of(command));
  }
  for (const std::size_t line : candidate.lines) {
    out.evidence.push_back({line, explain::line_text(log, line).text()});
  }
  return out;
}

std::string project_of(const ExplainOptions& options, Explanation& out) {
  if (options.project.empty()) return {};
  std::string found = explain::project_at(real_path(options.project).value_or(options.project));
  if (found.empty()) out.project_error = "no go.mod in " + options.project + " or above it";
  return found;
}

std::optional<Snapshot> host_of(const ExplainOptions& options, Explanation& out) {
  if (options.host.empty()) return std::nullopt;
  auto snapshot = recorded_snapshot(options.host);
  if (!snapshot) {
    out.host_error = snapshot.error().message;
    return std::nullopt;
  }
  return *std::move(snapshot);
}

}  // namespace

std::string_view name(Confidence confidence) {
  switch (confidence) {
    case Confidence::certain: return "certain";
    case Confidence::likely: return "likely";
    case Confidence::possible: return "possible";
  }
  return "possible";
}

Explanation explain(std::string_view log, const ExplainOptions& options) {
  Explanation out;
  const std::string project = project_of(options, out);
  const std::optional<Snapshot> host = host_of(options, out);
  const explain::Answer answer = explain::answer(log, "log", project, {}, host ? &*host : nullptr);
  for (const Candidate& each : answer.candidates) {
    out.causes.push_back(public_cause(answer.log, each));
  }
  out.tool = answer.context.tool;
  out.stage = answer.context.stage;
  out.goos = answer.context.goos;
  out.goarch = answer.context.goarch;
  out.package = answer.context.package;
  return out;
}

std::optional<CodePage> explain_code(std::string_view code_or_slug) {
  const auto code = find_code(code_or_slug);
  if (!code) return std::nullopt;
  const CodeEntry& texts = entry(*code);
  return CodePage{std::string(texts.code), std::string(texts.slug), std::string(texts.title),
                  code_page(texts)};
}

}  // namespace tenon::api::inline v1
