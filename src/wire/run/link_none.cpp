// A build without gRPC.
#include <expected>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "wire/run/link.h"
#include "wire/values.h"

namespace tenon::remote {
namespace {

std::unexpected<Failure> none() {
  return std::unexpected(Failure{Errc::unsupported, "this build of tenon has no gRPC", false});
}

}  // namespace

bool has_link() { return false; }

Answer<std::unique_ptr<Link>> Link::open(const std::string& /*address*/) { return none(); }

Answer<std::unique_ptr<Link>> Link::open(const LinkSetting& /*setting*/) { return none(); }

Answer<Directory> read_directory(std::string_view /*bytes*/) { return none(); }

Answer<Command> read_command(std::string_view /*bytes*/) { return none(); }

Answer<Action> read_action(std::string_view /*bytes*/) { return none(); }

Answer<std::vector<OutputFile>> read_tree(std::string_view /*bytes*/, const std::string& /*path*/) {
  return none();
}

}  // namespace tenon::remote
