// Which package has which static library, taken out of a distribution's index of files.
//
// The index (Debian's Contents) has millions of lines; a few thousand of them are archives. These
// are kept beside the sysroot as lines "PATH<tab>PACKAGE", for `tenon link`.
#pragma once

#include <string>
#include <string_view>

namespace tenon {

// Takes the index piece by piece: lines "usr/lib/TRIPLE/libz.a   libdevel/zlib1g-dev".
class ArchiveList {
 public:
  void bytes(std::string_view part);
  // What is behind the last line break, and the end of one index.
  void end();

  [[nodiscard]] const std::string& text() const { return text_; }

 private:
  void line(std::string_view line);

  std::string rest_, text_;
};

inline constexpr std::string_view archive_list_file = "archives";

}  // namespace tenon
