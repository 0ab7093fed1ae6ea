#include "crossbuild/run/wrapper.h"

#include <cstddef>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "base/path.h"
#include "base/result.h"
#include "base/text.h"
#include "crossbuild/plan/make_plan.h"
#include "host/files.h"
#include "host/private_folder.h"

namespace tenon {
namespace {

Result<std::string> make_links(const std::string& cache, const std::string& tenon,
                               const std::vector<std::string>& options,
                               std::initializer_list<const char*> names) {
  const std::string text = join(options, "\n") + "\n";
  std::string folder = wrapper_folder(cache, tenon, options);
  (void)TENON_TRY(private_folder(folder));
  const std::string list = folder + "/options";
  if (const auto known = read_text(list, std::size_t{1} << 16U); !known || *known != text) {
    TENON_TRY(write_text(list, text));
  }
  for (const char* name : names) TENON_TRY(make_link(tenon, folder + "/" + name));
  return folder;
}

}  // namespace

Result<std::string> make_wrapper(const std::string& cache, const std::string& tenon,
                                 const std::vector<std::string>& options) {
  return make_links(cache, tenon, options, {"cc", "c++", "dsymutil"});
}

Result<std::string> make_pkg_config_wrapper(const std::string& cache, const std::string& tenon,
                                            const std::vector<std::string>& options) {
  return make_links(cache, tenon, options, {"pkg-config"});
}

bool has_wrapper_options(const std::string& argv0) {
  const std::string_view folder = folder_of(argv0);
  return !folder.empty() && is_file(std::string(folder) + "/options");
}

Result<std::vector<std::string>> wrapper_options(const std::string& argv0) {
  const std::string_view folder = folder_of(argv0);
  if (folder.empty()) return fail(Errc::not_found, "no wrapper");
  // The options name programs to run.
  const std::string name(folder);
  TENON_TRY(check_private(real_path(name).value_or(name)));
  const std::string text = TENON_TRY(read_text(name + "/options", std::size_t{1} << 16U));
  std::vector<std::string> options;
  for (const std::string_view line : split(text, '\n')) {
    if (!line.empty()) options.emplace_back(line);
  }
  return options;
}

}  // namespace tenon
