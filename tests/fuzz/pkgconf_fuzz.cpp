// Files of modules, divided by NUL bytes, that may require each other as m0, m1, ...: any bytes are
// read or refused, every flag knows a line of one of the files, and what is printed is read back by
// a shell as the same words.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/text.h"
#include "link/go_flags.h"
#include "link/pc/fragment.h"
#include "link/pc/problem.h"
#include "link/pc/repository.h"
#include "link/pc/settings.h"
#include "link/pc/solver.h"
#include "link/pc/words.h"
#include "link/query/answer.h"
#include "link/query/environment.h"
#include "link/query/request.h"

namespace {

using namespace tenon;
using namespace tenon::pc;

void require(bool condition) {
  if (!condition) std::abort();
}

class InputFiles final : public Files {
 public:
  explicit InputFiles(std::string_view bytes) {
    for (const std::string_view part : split(bytes, '\0')) {
      if (texts_.size() < 16) texts_.emplace_back(part);
    }
  }

  Result<std::string> read(const std::string& path) override {
    const std::string* text = text_of(path);
    if (text == nullptr) return fail(Errc::not_found, "no such file");
    return *text;
  }

  std::vector<std::string> list(const std::string&) override {
    std::vector<std::string> out;
    for (std::size_t i = 0; i < texts_.size(); ++i) out.push_back("m" + std::to_string(i) + ".pc");
    return out;
  }

  std::optional<std::string> link_target(const std::string&) override { return std::nullopt; }

  std::optional<std::string> identity(const std::string& folder) override { return folder; }

  [[nodiscard]] const std::string* text_of(const std::string& path) const {
    for (std::size_t i = 0; i < texts_.size(); ++i) {
      if (path == "/p/m" + std::to_string(i) + ".pc") return &texts_[i];
    }
    return nullptr;
  }

 private:
  std::vector<std::string> texts_;
};

void check_origin(const Fragment& fragment, const InputFiles& files) {
  const std::string* text = files.text_of(fragment.origin.file);
  require(text != nullptr);
  std::size_t lines = 1;
  for (const char c : *text) lines += c == '\n' || c == '\r' ? 1U : 0U;
  require(fragment.origin.line >= 1 && fragment.origin.line <= lines);
  require(!fragment.origin.field.empty());
  for (const Fragment& child : fragment.children) check_origin(child, files);
}

void check(const Fragments& fragments, const InputFiles& files) {
  std::vector<std::string> words;
  for (const Fragment& one : fragments) {
    check_origin(one, files);
    for (std::string& word : one.words()) words.push_back(std::move(word));
  }
  for (const bool utf8 : {false, true}) {
    require(split_words(shell_text(fragments, ' ', utf8), Quotes::remove) == words);
  }
  (void)msvc_text(fragments, ' ');
  for (const auto source : {GoFlagSource::pkg_config_libs, GoFlagSource::cgo_cflags}) {
    for (const RejectedFlag& one : rejected_by_go(words, source)) {
      require(one.at < words.size() && !one.words.empty() && one.pattern.starts_with('^'));
    }
  }
}

void run(const std::vector<std::string>& args, InputFiles& files, const Environment& environment) {
  const auto request = parse_request(args);
  require(request.has_value());
  Personality personality;
  personality.folders = {"/p"};
  const Prepared prepared = prepare(*request, environment, personality);
  const Answer out = answer(*request, prepared, personality, files, true);
  check(out.cflags, files);
  check(out.libs, files);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  InputFiles files(bytes);
  const Environment plain;
  const Environment sysroot{{"PKG_CONFIG_SYSROOT_DIR", "/s"}, {"PKG_CONFIG_RELOCATE_PATHS", "1"}};
  run({"--cflags", "--libs", "--static", "m0"}, files, plain);
  run({"--cflags", "--libs", "m0"}, files, sysroot);
  run({"--list-all"}, files, plain);
  run({"--print-variables", "--variable=prefix", "--license", "m0"}, files, plain);
  run({"--digraph", "--simulate", "--solution", "--fragment-tree", "m0"}, files, plain);
  (void)parse_personality(bytes);
  (void)go_words_of_output(bytes);
  return 0;
}
