#include "loader/elf/process.h"

#include <algorithm>
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "loader/floor.h"
#include "loader/verdict.h"

namespace tenon::loader {

std::string_view Process::program_name() const {
  return request.argv0.empty() ? request.program : request.argv0;
}

std::string_view Process::name_of(std::size_t image) const {
  return images[image]->path.empty() ? program_name() : std::string_view(images[image]->path);
}

std::string Process::shown_path(std::size_t image) const {
  return images[image]->is_program ? request.program : images[image]->path;
}

std::size_t Process::add(Image image, std::string name, FoundBy found) {
  const std::size_t index = images.size();
  ImageInfo info;
  info.path = image.is_program ? request.program : image.path;
  info.real_path = image.file.real_path;
  info.name = std::move(name);
  if (image.loader) info.by = shown_path(*image.loader);
  info.found = found;
  info.soname = image.soname_match;
  for (const std::string_view needed : image.dynamic.needed) info.needed.emplace_back(needed);
  verdict.images.push_back(std::move(info));
  images.push_back(std::make_unique<Image>(std::move(image)));
  return index;
}

void Process::note(Tried tried) {
  constexpr std::size_t most = 20'000;
  if (verdict.tried.size() < most) {
    verdict.tried.push_back(std::move(tried));
  } else {
    verdict.tried_cut = true;
  }
}

void Process::undecided(std::string why) {
  if (verdict.undecided.empty()) verdict.undecided = std::move(why);
}

void Process::finish() {
  for (std::size_t i = 0; i < images.size(); ++i) {
    verdict.images[i].children = images[i]->children;
    auto floor = floor_of(images[i]->elf, shown_path(i));
    if (!floor) continue;
    verdict.glibc.needed = std::max(verdict.glibc.needed, floor->version);
    verdict.glibc.files.push_back(std::move(*floor));
  }
}

}  // namespace tenon::loader
