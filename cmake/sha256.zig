// SHA-256 of zig's standard library for builds that have no system crypto library (static musl).
const std = @import("std");

export fn tenon_sha256(data: [*]const u8, size: usize, digest: *[32]u8) void {
    std.crypto.hash.sha2.Sha256.hash(if (size == 0) &.{} else data[0..size], digest, .{});
}
