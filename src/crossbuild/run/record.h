// What the gates said of a file, kept beside the staged one: good as long as neither file changed.
#pragma once

#include <string>

#include "crossbuild/build_output.h"
#include "crossbuild/plan/finish_plan.h"

namespace tenon {

class Record {
 public:
  Record(FinishRequest request, const std::string& stage);

  // false when there is no record, or when a file, the request or tenon changed since.
  [[nodiscard]] bool load(BuildOutput& output) const;
  void save(const BuildOutput& output) const;

 private:
  // Everything that the verdict depends on: names, sizes and times of the files, the questions.
  [[nodiscard]] std::string key() const;

  FinishRequest request_;
  std::string path_;
};

}  // namespace tenon
