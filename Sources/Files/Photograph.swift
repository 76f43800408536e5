import CCodec
import Raster
import Settings
import Synchronization

/// A picture file that has been decoded: its samples lie in a file without a name and are read by bands.
public final class Photograph: RowSource {
    /// Columns.
    public let width: Int
    /// Rows.
    public let height: Int
    /// What a drawing of it keeps.
    public let traits: PictureTraits
    /// What is wrong with the file although it could be read.
    public let warnings: [Message]
    /// As the file says.
    public var mayBeTransparent: Bool { traits.hasAlpha }
    private let samples: SampleLayout
    private let space: ColourSpace
    private let path: String
    private let file: SampleFile

    /// - Parameters:
    ///   - path: for messages.
    ///   - descriptor: has the report's samples, row by row without gaps; closed with this object.
    init(path: String, report: CodecReport, descriptor: Int32) {
        self.path = path
        (width, height, samples) = (report.width, report.height, report.samples)
        let profile = report.profile.flatMap(ColourSpace.init(icc:))
        space = profile ?? .sRGB
        traits = PictureTraits(
            hasAlpha: report.samples.hasAlpha, depth: report.samples.depth,
            iccProfile: profile != nil && report.keepsProfile ? report.profile : nil,
            metadata: report.metadata)
        var warnings: [Message] = []
        if report.warnings & UInt32(codec_warning_damaged) != 0 {
            warnings.append(
                Message("The photograph’s file is damaged (\(report.detail)), so parts of the picture may be wrong."))
        }
        if report.warnings & UInt32(codec_warning_stray) != 0 {
            warnings.append(
                Message(
                    """
                    The photograph’s file holds data that belong to no part of the picture; where the drawing looks \
                    wrong, the file is damaged.
                    """))
        }
        if report.warnings & UInt32(codec_warning_profile) != 0 || (profile == nil && report.profile != nil) {
            warnings.append(
                Message("The photograph’s color profile cannot be used, so its colors were taken as sRGB."))
        }
        self.warnings = warnings
        file = SampleFile(descriptor: descriptor)
    }

    /// See `RowSource`.
    public func read(rows: Range<Int>, columns: Range<Int>) throws -> Bitmap {
        let size = columns.count * samples.bytesPerPixel
        let failures = Atomic<Int>(0)
        let band = Bitmap(
            width: columns.count, height: rows.count,
            fill: { y, pixels in
                withUnsafeTemporaryAllocation(byteCount: size, alignment: 16) { raw in
                    let place = ((rows.lowerBound + y) * width + columns.lowerBound) * samples.bytesPerPixel
                    guard let base = raw.baseAddress, file.read(raw, at: place) else {
                        failures.add(1, ordering: .relaxed)
                        return pixels.initialize(repeating: .zero)
                    }
                    samples.unpack(base, to: pixels)
                    space.convertToSRGB(pixels)
                }
            })
        guard failures.load(ordering: .relaxed) == 0 else {
            throw StyleError.unreadableFile(
                path: path, reason: "its decoded pixels are gone from the folder of temporary files")
        }
        return band
    }
}
