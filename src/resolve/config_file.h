// A file of the resolver as it was found: its text, or what opening it says. Go's answer depends on
// which error it is, so that "missing" and "unreadable" are never the same here.
#pragma once

#include <cstdint>
#include <string>
#include <utility>

namespace tenon::resolve {

struct ConfigFile {
  enum class State : std::uint8_t {
    text,
    missing,     // ENOENT: fs.ErrNotExist
    permission,  // EACCES, EPERM: fs.ErrPermission
    failed,      // ELOOP, ENOTDIR, ...
    folder,      // a directory, which Go opens and reads as empty
    unknown,     // nobody looked, or it could not be told
  };
  State state = State::unknown;
  std::string text;
  std::string error;  // of `failed` and `unknown`: the system's word, or why nobody looked

  [[nodiscard]] bool opened() const { return state == State::text || state == State::folder; }

  static ConfigFile of(std::string text) { return {State::text, std::move(text), {}}; }

  static ConfigFile none() { return {State::missing, {}, {}}; }
};

}  // namespace tenon::resolve
