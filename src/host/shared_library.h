// A library that is looked for when it is needed, so that a program starts without it.
#pragma once

#include <string>

namespace tenon {

class SharedLibrary {
 public:
  // The first of the names that the loader finds; nothing is kept open by a failure.
  explicit SharedLibrary(std::initializer_list<const char*> names);
  SharedLibrary(const SharedLibrary&) = delete;
  SharedLibrary& operator=(const SharedLibrary&) = delete;
  // Stays open: libraries leave threads and handlers behind.
  ~SharedLibrary() = default;

  [[nodiscard]] bool open() const { return handle_ != nullptr; }
  // Why it is not open, in the loader's words.
  [[nodiscard]] const std::string& error() const { return error_; }
  // nullptr for a name that it does not have.
  [[nodiscard]] void* symbol(const char* name) const;

 private:
  void* handle_ = nullptr;
  std::string error_;
};

}  // namespace tenon
