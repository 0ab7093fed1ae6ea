#include "cli/guarded.h"

#include <fmt/format.h>

#include <exception>
#include <functional>
#include <new>
#include <system_error>

#include "base/version.h"
#include "cli/table.h"
#include "diag/catalog.h"
#include "diag/codes.h"
#include "diag/finding.h"

namespace tenon {
namespace {

Finding bug(const char* what) {
  return make_finding(Code::usage_tenon_bug,
                      {{"message", fmt::format("a bug in tenon {}: {}", tenon_version(), what)}},
                      "tenon");
}

// The machine, and not an input: a limit of this process or of its user.
Finding shortage() {
  constexpr const char* text =
      "not enough memory or threads for this command: raise the limits (ulimit -v, ulimit -u), or "
      "give it a smaller input";
  return make_finding(Code::usage_bad_option, {{"message", text}}, "tenon");
}

bool is_shortage(const std::system_error& error) {
  return error.code() == std::errc::resource_unavailable_try_again ||
         error.code() == std::errc::not_enough_memory;
}

}  // namespace

int guarded(const std::function<int()>& work,
            const std::function<int(Finding finding, int code)>& report) {
  try {
    return work();
  } catch (const std::bad_alloc&) {
    return report(shortage(), exit_undecided);
  } catch (const std::system_error& error) {
    if (is_shortage(error)) return report(shortage(), exit_undecided);
    return report(bug(error.what()), exit_bug);
  } catch (const std::exception& error) {
    return report(bug(error.what()), exit_bug);
  } catch (...) {
    return report(bug("an exception without a name"), exit_bug);
  }
}

}  // namespace tenon
