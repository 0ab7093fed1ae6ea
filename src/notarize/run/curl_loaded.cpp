// libcurl is loaded when it is needed: linked as a shared library, it would bring two dozen others
// into every start of the compiler wrapper, and a program without it would not start.
#include <memory>

#include "host/shared_library.h"
#include "notarize/run/curl_functions.h"

namespace tenon::notarize {
namespace {

struct LoadedCurl : CurlFunctions {
  // The last two are macOS's own: a name alone is looked for in the folders of the environment
  // only.
  SharedLibrary library{"libcurl.so.4", "libcurl-gnutls.so.4", "libcurl.4.dylib",
                        "/usr/lib/libcurl.4.dylib"};

  LoadedCurl() {
    error = library.error();
    get(easy_init, "curl_easy_init");
    get(cleanup, "curl_easy_cleanup");
    get(perform, "curl_easy_perform");
    get(setopt, "curl_easy_setopt");
    get(getinfo, "curl_easy_getinfo");
    get(strerror, "curl_easy_strerror");
    get(append, "curl_slist_append");
    get(free_list, "curl_slist_free_all");
  }

 private:
  template <class Function>
  void get(Function& function, const char* name) {
    function = reinterpret_cast<Function>(library.symbol(name));
  }
};

}  // namespace

std::unique_ptr<CurlFunctions> curl_functions() { return std::make_unique<LoadedCurl>(); }

}  // namespace tenon::notarize
