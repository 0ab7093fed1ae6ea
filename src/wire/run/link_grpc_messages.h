// Between the values of wire/values.h and the classes that protoc wrote. Private to link_grpc*.
#pragma once

#include <build/bazel/remote/execution/v2/remote_execution.pb.h>
#include <google/devtools/remoteworkers/v1test2/bots.pb.h>

#include <optional>

#include "wire/values.h"

namespace tenon::remote::grpc_link {

namespace reapi = build::bazel::remote::execution::v2;
namespace rwapi = google::devtools::remoteworkers::v1test2;

[[nodiscard]] reapi::Digest message_of(const Digest& digest);
[[nodiscard]] reapi::ActionResult message_of(const ActionResult& result);
[[nodiscard]] rwapi::BotSession message_of(const Session& session);

// Nothing where a digest is none or a size is too large.
[[nodiscard]] std::optional<Digest> value_of(const reapi::Digest& digest);
[[nodiscard]] std::optional<Action> value_of(const reapi::Action& action);
[[nodiscard]] std::optional<ActionResult> value_of(const reapi::ActionResult& result);
[[nodiscard]] std::optional<Session> value_of(const rwapi::BotSession& session,
                                              const Session& before);

}  // namespace tenon::remote::grpc_link
