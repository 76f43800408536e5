import CCodec
import Glibc
import Raster
import Settings

/// A picture file that is being written; it appears under its name when it is finished, and not at all when this
/// object goes before that. For one thread at a time.
public final class PictureWriter: RowSink {
    private let output: any PictureTarget
    private let width: Int
    private let height: Int
    private let samples: SampleLayout
    private let space: ColourSpace
    private let laysOnWhite: Bool
    private var process: CodecProcess?
    private var pipe: Int32 = -1
    private var rows = 0

    init(output: any PictureTarget, format: FileFormat, width: Int, height: Int, traits: PictureTraits) throws {
        self.output = output
        (self.width, self.height) = (width, height)
        let profile = traits.iccProfile.flatMap { ColourSpace(icc: $0) }.flatMap { $0.isWritable ? $0 : nil }
        space = profile ?? .sRGB
        laysOnWhite = format == .jpg
        samples = SampleLayout(
            colours: 3, hasAlpha: traits.hasAlpha && format != .jpg, depth: format.depth(for: traits.depth))
        var ends: [Int32] = [-1, -1]
        let descriptor = try output.create()
        guard codec_socket_pair(&ends) else {
            throw output.unwritable(Message(verbatim: String(cString: strerror(errno))))
        }
        defer { close(ends[1]) }
        do {
            process = try CodecProcess([CODEC_ENCODE], input: ends[1], file: descriptor)
        } catch {
            close(ends[0])
            output.discard()
            throw error
        }
        pipe = ends[0]
        sendOrder(format, profile == nil ? [] : traits.iccProfile ?? [], traits.metadata)
    }

    deinit { abandon() }

    private func sendOrder(_ format: FileFormat, _ profile: [UInt8], _ metadata: PictureMetadata) {
        var order = codec_order()
        order.magic = UInt32(CODEC_MAGIC)
        order.format = format.codec.rawValue
        (order.width, order.height) = (UInt32(width), UInt32(height))
        order.alpha = samples.hasAlpha ? 1 : 0
        order.depth = UInt32(samples.depth.bytes)
        order.profile_size = UInt32(profile.count)
        order.metadata = metadata.stored
        withUnsafeBytes(of: &order) { _ = send($0) }
        profile.withUnsafeBytes { _ = send($0) }
    }

    /// - Throws: `StyleError.unwritableFile` when the encoder has given up, for instance because the disk is full;
    ///   `.unwritableStream` for a descriptor's.
    public func write(_ band: Bitmap) throws {
        guard process != nil, band.width == width, rows + band.height <= height else {
            throw output.unwritable("its rows do not fit the picture")
        }
        rows += band.height
        let rowBytes = width * samples.bytesPerPixel
        let encoded = laysOnWhite ? band.onWhite() : band
        let bytes = [UInt8](count: rowBytes * band.height) { all in
            encoded.pixels.withSharedBuffer { [space, samples, width] source in
                parallelFor(encoded.height) { y in
                    guard let raw = all[y * rowBytes..<(y + 1) * rowBytes].baseAddress else { return }
                    // A row is converted apart, since the band is the caller's.
                    withUnsafeTemporaryAllocation(of: SIMD4<Float>.self, capacity: width) { pixels in
                        for x in 0..<width {
                            let pixel = source[y * width + x]
                            pixels[x] = pixel.replacing(with: 0, where: pixel .!= pixel)
                        }
                        space.convertFromSRGB(pixels)
                        samples.pack(UnsafeBufferPointer(pixels), to: UnsafeMutableRawPointer(raw))
                    }
                }
            }
        }
        // Why it does not take them is known once it has ended.
        if !bytes.withUnsafeBytes(send) { try end() }
    }

    /// Waits for the encoder and puts the file into its place.
    /// - Throws: `StyleError.unwritableFile`, `.unwritableStream` for a descriptor's.
    public func finish() throws {
        guard rows == height else { throw output.unwritable("its rows do not fit the picture") }
        try end()
        try output.commit()
    }

    /// Whether all bytes went out.
    private func send(_ bytes: UnsafeRawBufferPointer) -> Bool {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = Glibc.send(
                pipe, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count, Int32(MSG_NOSIGNAL))
            if count < 0 && errno == EINTR { continue }
            guard count > 0 else { return false }
            rest = rest.dropFirst(count)
        }
        return true
    }

    private func end() throws {
        guard let process else { throw output.unwritable("the encoder failed, perhaps the disk is full") }
        self.process = nil
        close(pipe)
        let end = process.finish()
        if case let .report(report) = end, report.outcome == codec_done { return }
        output.discard()
        if case let .lacksLibraries(error) = end { throw error }
        guard case let .report(report) = end else {
            throw output.unwritable("the encoder failed, perhaps the disk is full")
        }
        switch report.outcome {
        case codec_too_large: throw output.unwritable("a WebP picture has at most 16383 pixels a side")
        case codec_no_memory: throw StyleError.tooLittleMemoryForFile(path: output.path)
        default: throw output.unwritable("the encoder failed, perhaps the disk is full")
        }
    }

    private func abandon() {
        if let process {
            close(pipe)
            _ = process.finish()
            self.process = nil
        }
        output.discard()
    }
}

extension Bitmap {
    /// Composited on white, without transparency.
    func onWhite() -> Bitmap {
        var result = self
        result.forEachRow { _, row in
            for x in row.indices {
                let alpha = min(max(row[x].w, 0), 1)
                row[x] = row[x] * alpha + SIMD4(repeating: 1 - alpha)
                row[x].w = 1
            }
        }
        return result
    }
}
