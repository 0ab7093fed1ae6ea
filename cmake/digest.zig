// The digests of zig's standard library for builds that have no system crypto library (static musl).
const std = @import("std");

fn bytes(data: [*]const u8, size: usize) []const u8 {
    return if (size == 0) &.{} else data[0..size];
}

export fn tenon_sha1(data: [*]const u8, size: usize, digest: *[20]u8) void {
    std.crypto.hash.Sha1.hash(bytes(data, size), digest, .{});
}

export fn tenon_sha256(data: [*]const u8, size: usize, digest: *[32]u8) void {
    std.crypto.hash.sha2.Sha256.hash(bytes(data, size), digest, .{});
}

export fn tenon_sha384(data: [*]const u8, size: usize, digest: *[48]u8) void {
    std.crypto.hash.sha2.Sha384.hash(bytes(data, size), digest, .{});
}
