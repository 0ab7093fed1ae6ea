#include "crossbuild/driver/sdk.h"

#include <string>
#include <string_view>
#include <variant>

#include "diag/render/render.h"
#include "diag/report.h"
#include "diag/wire.h"

namespace tenon {

bool names_other_platform(std::string_view settings) {
  const auto data = parse_data(settings);
  const Data* name = data ? wire::find(*data, "CanonicalName") : nullptr;
  const auto* text = name == nullptr ? nullptr : std::get_if<std::string>(&name->value());
  return text != nullptr && !text->starts_with("macosx");  // "macosx26.4"
}

bool names_macos_target(std::string_view stub) {
  return stub.contains("-macos") || stub.contains("macosx");
}

}  // namespace tenon
