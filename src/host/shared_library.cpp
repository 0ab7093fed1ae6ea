#include "host/shared_library.h"

#include <dlfcn.h>

#include <initializer_list>

namespace tenon {

SharedLibrary::SharedLibrary(std::initializer_list<const char*> names) {
  for (const char* name : names) {
    handle_ = ::dlopen(name, RTLD_NOW | RTLD_LOCAL);
    if (handle_ != nullptr) return;
    // Of several the first is the one to install.
    const char* why = ::dlerror();  // NOLINT(concurrency-mt-unsafe): no other thread loads
    if (error_.empty() && why != nullptr) error_ = why;
  }
}

void* SharedLibrary::symbol(const char* name) const {
  return handle_ == nullptr ? nullptr : ::dlsym(handle_, name);
}

}  // namespace tenon
