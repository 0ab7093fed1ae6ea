#include "link/query/modules_state.h"

#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/digest.h"
#include "link/pc/repository.h"

namespace tenon::pc {

std::string modules_state(const std::vector<std::string>& folders, Files& files) {
  std::string all;
  for (const std::string& folder : folders) {
    for (const std::string& name : files.list(folder)) {
      if (!name.ends_with(".pc")) continue;
      std::string path = folder;
      path += '/';
      path += name;
      const auto text = files.read(path);
      // One that cannot be read is a state of its own.
      all += path;
      all += '\0';
      all += text ? hex(sha256(view_of(*text).bytes())) : "unread";
      all += '\n';
    }
  }
  return hex(sha256(view_of(all).bytes()));
}

}  // namespace tenon::pc
