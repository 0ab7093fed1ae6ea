#include "diag/finding.h"

#include <string_view>

namespace tenon {

std::string_view severity_name(Severity severity) {
  switch (severity) {
    case Severity::error: return "error";
    case Severity::warning: return "warning";
    case Severity::note: return "note";
  }
  return "error";
}

std::string_view safety_name(Fix::Safety safety) {
  switch (safety) {
    case Fix::Safety::safe: return "safe";
    case Fix::Safety::review: return "review";
    case Fix::Safety::manual: return "manual";
  }
  return "manual";
}

std::string_view confidence_name(Confidence confidence) {
  switch (confidence) {
    case Confidence::certain: return "certain";
    case Confidence::likely: return "likely";
    case Confidence::possible: return "possible";
  }
  return "possible";
}

std::string_view evidence_name(Evidence::Kind kind) {
  switch (kind) {
    case Evidence::Kind::file: return "file";
    case Evidence::Kind::log: return "log";
    case Evidence::Kind::fact: return "fact";
    case Evidence::Kind::command: return "command";
  }
  return "fact";
}

}  // namespace tenon
