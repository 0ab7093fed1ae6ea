// The rules of glibc's loader: which files are loaded, from where, in which order.
// Rules: glibc elf/dl-load.c, dl-deps.c, dl-cache.c, rtld.c, of 2.31 to 2.41.
#pragma once

#include <expected>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "loader/elf/cache.h"
#include "loader/elf/glibc_facts.h"
#include "loader/elf/process.h"
#include "loader/elf/search.h"

namespace tenon::loader {

// Why glibc cannot load an object, as _dl_signal_error gets it.
struct GlibcError {
  std::string object;  // what the message names
  std::string text;
  OsError os_error = OsError::none;
  Cause cause = Cause::missing_library;
  std::string path;  // of a wrong or damaged file
  std::string why;
  bool zeros = false;  // of a crash: not behind the file, but on zeros behind its last byte

  [[nodiscard]] std::string message() const;
};

class GlibcLoader {
 public:
  explicit GlibcLoader(Process& process) : p_(process) {}

  // Loads everything; binds nothing. The program and the loader are images already, as 0 and 1.
  // False: a failure was noted.
  bool load(const GlibcFacts& facts);

  // Images in the order of symbol lookup: the program, preloaded libraries, then breadth first.
  [[nodiscard]] const std::vector<std::size_t>& scope() const TENON_LIFETIMEBOUND { return scope_; }

 private:
  // State of errno, which ends up in messages.
  struct Search;
  using Found = std::expected<std::size_t, GlibcError>;

  struct Folder {
    std::string path;  // with a slash at its end, or ""
    std::optional<bool> there;
    std::vector<std::string> capabilities;  // subdirectories that exist
    std::vector<std::string> others;        // those for processors that this may not be
  };

  struct Path {
    std::vector<std::string> folders;
    bool read = false;
  };

  void read_settings();
  void preload(std::string_view list, std::string_view separators, std::string_view source);
  void preload_one(const std::string& name, std::string_view source);
  bool load_needs();
  bool load_children(std::size_t image);
  Found map_object(const std::string& name, std::size_t by, FoundBy reason);
  std::optional<std::size_t> known(std::string_view name);
  Found map_opened(Opened opened, const std::string& path, Search& search);
  bool open_one(const std::string& path, FoundBy rule, std::string_view owner, Search& search);
  bool open_path(const std::vector<std::string>& folders, FoundBy rule, std::string_view owner,
                 Search& search);
  void note_other(const std::string& path, FoundBy rule, std::string_view level,
                  const Search& search);
  void search_everywhere(Search& search);
  void search_rpaths(Search& search);
  void search_cache(Search& search);
  Folder& folder(const std::string& path);
  const std::vector<std::string>& run_path(std::size_t image, bool runpath);
  [[nodiscard]] Tokens tokens(std::size_t image) const;
  [[nodiscard]] GlibcError not_found(const Search& search) const;
  void look_elsewhere(const std::string& name);
  void fail_to_load(const GlibcError& error, std::size_t by, const std::string& name);

  Process& p_;
  GlibcFacts facts_;
  std::vector<std::size_t> scope_;
  std::vector<std::string> environment_path_;
  std::vector<std::string> capabilities_;
  bool asks_others_ = false;  // the processor is not known, and this glibc has glibc-hwcaps
  std::map<std::string, Folder, std::less<>> folders_;
  std::map<std::size_t, Path> rpaths_, runpaths_;
  std::optional<Opened> cache_file_;
  std::optional<LibraryCache> cache_;
};

}  // namespace tenon::loader
