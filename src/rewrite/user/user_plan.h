// What rules of a file make of one text.
#pragma once

#include <string>
#include <string_view>

#include "format/tree/tree.h"
#include "rewrite/plan.h"
#include "rewrite/user/rule_file.h"

namespace tenon::rewrite {

// Edits, sites and places left go to `plan`, or why the text was not looked at. A text that the
// parser cannot read whole gets no edit.
void plan_text(const RuleFile& file, tree::Language language, std::string_view text,
               const Chosen& chosen, FilePlan& plan);

}  // namespace tenon::rewrite
