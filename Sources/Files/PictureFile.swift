import CCodec
import Glibc
import Raster
import Settings

/// Picture files in and out, decoded and encoded in a process of its own (`CodecProcess`): whatever a file does to a
/// decoder ends in one sentence. docs/formats.md has the formats.
public enum PictureFile {
    /// Decodes a file, by its content and not by its name, and leaves the samples on disk to be read by bands.
    /// - Throws: `StyleError.unreadableFile` (missing, a folder, empty, no picture, damaged, cut off),
    ///   `.pictureTooLarge`, `.noTemporaryRoom`, `.tooManyOpenFiles`, `.tooLittleMemoryForFile`, `.programMissing`,
    ///   `.programUnusable`.
    public static func open(_ path: String) throws -> Photograph {
        let input = try openInput(path)
        defer { close(input) }
        return try decode(input, path) { unreadable(path, $0) }
    }

    /// Decodes what comes on a descriptor, a pipe or a file from where it stands, which stays open.
    /// - Parameter name: for messages.
    /// - Throws: as `open`, with `.unreadableStream` in place of `.unreadableFile`.
    public static func open(descriptor: Int32, name: String) throws -> Photograph {
        let copy = codec_temporary_file()
        guard copy >= 0 else { throw FileFault.noTemporaryFile(errno) }
        defer { close(copy) }
        func unreadable(_ reason: Message) -> StyleError { .unreadableStream(name: name, reason: reason) }
        guard FileCopy.all(from: descriptor, to: copy) else {
            throw errno == ENOSPC ? StyleError.noTemporaryRoom : unreadable(FileFault.reason(errno))
        }
        guard lseek(copy, 0, SEEK_END) > 0 else { throw unreadable("it is empty") }
        lseek(copy, 0, SEEK_SET)
        return try decode(copy, name, unreadable)
    }

    private static func decode(_ input: Int32, _ path: String, _ unreadable: (Message) -> StyleError) throws
        -> Photograph
    {
        let samples = codec_temporary_file()
        guard samples >= 0 else { throw FileFault.noTemporaryFile(errno) }
        do {
            let process = try CodecProcess(
                [CODEC_DECODE, String(PictureLimits.maximumPixels)], input: input, file: samples)
            return try Photograph(path: path, report: accepted(process.finish(), path, unreadable), descriptor: samples)
        } catch {
            close(samples)
            throw error
        }
    }

    /// Loads a whole file into memory, at 16 bytes a pixel.
    /// - Throws: as `open`, `.pictureTooLarge` already for more than can be held in memory.
    public static func load(_ path: String) throws -> LoadedImage {
        let photograph = try open(path)
        try PictureLimits.checkNotTooLarge(
            width: photograph.width, height: photograph.height, most: PictureLimits.maximumPixelsInMemory)
        return LoadedImage(bitmap: try photograph.readAll(), traits: photograph.traits, warnings: photograph.warnings)
    }

    /// Starts a file that takes its picture by bands: PNG, JPEG (quality 95), WebP (quality 95) or TIFF, as the
    /// extension says.
    ///
    /// The file appears whole or not at all: it is written beside `path` and renamed. Colours are converted back to the
    /// profile of `traits`, which the file carries. PNG keeps 16 bits, TIFF 16 bits and floats. JPEG has no alpha: it
    /// is laid on white. No orientation is written, since pixels are upright already.
    /// - Throws: `StyleError.unwritableFile`, `.fileExists` when there is a file and `overwrite` is false,
    ///   `.programMissing` and `.programUnusable` without the encoder's program.
    ///
    /// - Parameter format: `nil` for the one that the name ends like.
    public static func create(
        _ path: String, format: FileFormat? = nil, width: Int, height: Int,
        like traits: PictureTraits = PictureTraits(),
        overwrite: Bool = false
    ) throws -> PictureWriter {
        guard let format = format ?? FileFormat(fileName: path) else { throw unknownExtension(path) }
        let output = try OutputFile(path: path, overwrite: overwrite)
        return try PictureWriter(output: output, format: format, width: width, height: height, traits: traits)
    }

    /// Starts a picture that goes to a descriptor, such as a pipe, when it is finished.
    /// - Parameter name: for messages.
    /// - Throws: `StyleError.noTemporaryRoom`, `.unwritableStream`, `.programMissing`, `.programUnusable`.
    public static func create(
        descriptor: Int32, name: String, format: FileFormat, width: Int, height: Int, like traits: PictureTraits
    ) throws -> PictureWriter {
        try PictureWriter(
            output: StreamFile(output: descriptor, name: name), format: format, width: width, height: height,
            traits: traits)
    }

    /// Saves a picture that is in memory.
    /// - Throws: as `create`.
    public static func save(
        _ picture: Bitmap, to path: String, like traits: PictureTraits? = nil, overwrite: Bool = false
    ) throws {
        let writer = try create(
            path, width: picture.width, height: picture.height, like: traits ?? PictureTraits(), overwrite: overwrite)
        try picture.forEachBand { _, band in try writer.write(band) }
        try writer.finish()
    }

    /// The bytes of a file that shows `picture`, in sRGB.
    /// - Throws: `StyleError.noTemporaryRoom`, `.unwritableFile`.
    package static func encoded(_ picture: Bitmap, as format: FileFormat) throws -> [UInt8] {
        let file = MemoryFile()
        let writer = try PictureWriter(
            output: file, format: format, width: picture.width, height: picture.height, traits: PictureTraits())
        try picture.forEachBand { _, band in try writer.write(band) }
        try writer.finish()
        return file.bytes
    }

    /// What `create` would complain about before it writes anything, so that no work is done in vain.
    /// - Throws: `StyleError.unwritableFile`, `.fileExists`.
    public static func checkWritable(_ path: String, format: FileFormat? = nil, overwrite: Bool) throws {
        guard format != nil || FileFormat(fileName: path) != nil else { throw unknownExtension(path) }
        try OutputFile.check(path, overwrite: overwrite, isPicture: true)
    }

    private static func unknownExtension(_ path: String) -> StyleError {
        .unwritableFile(
            path: path,
            reason: path.isEmpty ? "its path is empty" : "its name does not end in .png, .jpg, .webp or .tif")
    }

    private static func unreadable(_ path: String, _ reason: Message) -> StyleError {
        .unreadableFile(path: path, reason: reason)
    }

    /// A descriptor of a file that has bytes.
    private static func openInput(_ path: String) throws -> Int32 {
        // A pipe would wait for its other end.
        let descriptor = path.withPath { Glibc.open($0, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY) }
        guard descriptor >= 0 else { throw unreadable(path, FileFault.reason(errno, at: path)) }
        var status = stat()
        let isFile = fstat(descriptor, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
        let reason = isFile ? "it is empty" : FileFault.kind(status.st_mode)
        guard isFile, status.st_size > 0 else {
            close(descriptor)
            throw unreadable(path, reason)
        }
        return descriptor
    }

    private static func accepted(_ end: CodecProcess.End, _ path: String, _ unreadable: (Message) -> StyleError)
        throws -> CodecReport
    {
        switch end {
        case let .lacksLibraries(error): throw error
        case .crashed: throw unreadable("it is damaged, and its decoder stopped")
        case .tookTooLong: throw unreadable("its decoder takes too long")
        case let .report(report):
            switch report.outcome {
            case codec_done where report.hasPicture: return report
            case codec_too_large:
                throw StyleError.pictureTooLarge(
                    width: report.width, height: report.height, maximumPixels: PictureLimits.maximumPixels)
            case codec_cut_off: throw unreadable("it is cut off")
            case codec_damaged: throw unreadable("it is damaged")
            case codec_unsupported:
                throw unreadable("it is of the kind “\(report.detail)”, which has no decoder here")
            case codec_no_memory: throw StyleError.tooLittleMemoryForFile(path: path)
            case codec_no_room: throw StyleError.noTemporaryRoom
            default: throw unreadable("it is not a picture, or a damaged one")
            }
        }
    }
}
