import Glibc

/// Puts an ICC profile into a finished TIFF file, or takes it away. GEGL writes a profile of its own making into every file,
/// and exiv2 will not replace that.
struct TiffProfile {
    /// `nil` leaves the file without one.
    let profile: [UInt8]?

    private static let tag = 34675

    /// Changes the entry of the profile in the first directory (TIFF 6.0, section 2; ICC.1:2022, B.4).
    /// - Parameter path: a little-endian TIFF file below 4 GB that has a profile, as GEGL writes them here.
    /// - Returns: whether the file was changed.
    func embed(inFile path: String) -> Bool {
        guard let file = fopen(path, "r+b") else { return false }
        let worked = patch(file)
        return fclose(file) == 0 && worked
    }

    private func patch(_ file: UnsafeMutablePointer<FILE>) -> Bool {
        guard let header = read(file, at: 0, count: 8), header.starts(with: [0x49, 0x49, 42, 0]),
              let size = read(file, at: Self.number(header[4...]), count: 2) else { return false }
        let directory = Self.number(header[4...]), count = Self.number(size[...])
        // Entries of twelve bytes, then the place of the next directory.
        guard var entries = read(file, at: directory + 2, count: 12 * count + 4),
              let at = stride(from: 0, to: 12 * count, by: 12).first(where: { Self.number(entries[$0..<$0 + 2]) == Self.tag }) else { return false }
        guard let profile else {
            entries.removeSubrange(at..<at + 12)
            return write(file, at: directory, Array(Self.bytes(count - 1).prefix(2)) + entries)
        }
        guard fseek(file, 0, SEEK_END) == 0 else { return false }
        // Values start on a word boundary.
        let end = ftell(file), start = end + end % 2
        guard start + profile.count < Int(UInt32.max) else { return false }
        return write(file, at: end, [UInt8](repeating: 0, count: end % 2) + profile)
            && write(file, at: directory + 2 + at + 4, Self.bytes(profile.count) + Self.bytes(start))
    }

    private func read(_ file: UnsafeMutablePointer<FILE>, at offset: Int, count: Int) -> [UInt8]? {
        var bytes = [UInt8](repeating: 0, count: count)
        return fseek(file, offset, SEEK_SET) == 0 && fread(&bytes, 1, count, file) == count ? bytes : nil
    }

    private func write(_ file: UnsafeMutablePointer<FILE>, at offset: Int, _ bytes: [UInt8]) -> Bool {
        fseek(file, offset, SEEK_SET) == 0 && fwrite(bytes, 1, bytes.count, file) == bytes.count
    }

    private static func number(_ bytes: ArraySlice<UInt8>) -> Int { bytes.reversed().reduce(0) { $0 << 8 | Int($1) } }

    private static func bytes(_ value: Int) -> [UInt8] { (0..<4).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) } }
}
