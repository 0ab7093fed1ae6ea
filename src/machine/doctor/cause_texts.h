// What the doctor says of a cause that logs betray too. It stands here until the texts of causes
// are part of the catalogue in diag: machine lies below diagnose and may not ask it.
#pragma once

#include <array>
#include <string_view>

namespace tenon::doctor {

struct CauseText {
  std::string_view slug, code, fix;
  std::array<std::string_view, 2> commands{};
};

// nullptr when there is none.
[[nodiscard]] const CauseText* cause_text(std::string_view slug);

}  // namespace tenon::doctor
