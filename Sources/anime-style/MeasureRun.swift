#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
import Batch
import Drawing
import Engine
import Evaluation
import Files
import Raster
import Settings

/// Goes through the photographs once, all styles on each, so that what is known of a photograph is worked out once.
final class MeasureRun {
    private let paths: [String]
    private let styles: [MeasuredStyle]
    private let readers: Readers
    private let painter: String?
    /// Finds the meshes of the page; `nil` makes none.
    private let meshes: FaceMeshFinder?
    private let console: Console
    private let interruption: Interruption
    private var photographs: [MeasuredPhotograph.Record] = []
    private var notes: [String] = []
    /// Of the page, one for each photograph with a face.
    private(set) var sections: [ReportSection] = []

    init(
        paths: [String], styles: [MeasuredStyle], readers: Readers, painter: String?, meshes: FaceMeshFinder?,
        console: Console, interruption: Interruption
    ) {
        self.paths = paths
        self.styles = styles
        self.readers = readers
        self.painter = painter
        self.meshes = meshes
        self.console = console
        self.interruption = interruption
    }

    /// Measures everything. A file that cannot be read is left out with a note.
    /// - Throws: `StyleError` when cancelled, when a network fails, or when no file can be read.
    func report(notes before: [String]) throws -> QualityReport {
        var next = paths.first.map(Self.load)
        defer { next?.wait() }
        for (index, path) in paths.enumerated() {
            guard let current = next else { break }
            next = index + 1 < paths.count ? Self.load(paths[index + 1]) : nil
            let image: LoadedImage
            do {
                image = try current.value()
                try PictureLimits.check(width: image.bitmap.width, height: image.bitmap.height)
            } catch {
                if paths.count == 1 { throw error }
                notes.append("Left out: \(error)")
                continue
            }
            try measure(image.bitmap, path, index)
        }
        return QualityReport(
            readers: readers.all.map(\.name), photographs: photographs, styles: styles.map(\.result),
            notes: before + notes)
    }

    private static func load(_ path: String) -> Background<LoadedImage> { Background { try PictureFile.load(path) } }

    private func measure(_ picture: Bitmap, _ path: String, _ index: Int) throws {
        let name = path.lastPathPart
        try interruption.check()
        console.progress(Double(index) / Double(paths.count), "\(index + 1) of \(paths.count)  \(name)")
        let scale = styles.first?.manifest.face.templateScale ?? 2.0 / 3
        let photograph = try MeasuredPhotograph(
            name: name, picture, detector: readers.detector, readers: readers.all, templateScale: scale)
        let face = try reported(photograph.record.face, of: picture, scale)
        var drawn: [DrawnFace] = []
        for style in styles {
            let painted = try painterPicture(name, style.manifest.id, like: picture)
            style.append(try style.measurement.measure(photograph, painter: painted) { try interruption.check() })
            guard style.sheet != nil || face != nil else { continue }
            let sample = try style.measurement.sample(photograph)
            style.sheet?.place(picture, sample, at: photographs.count)
            if let face { drawn.append(try face.drawn(style.manifest.id, in: sample)) }
        }
        if let face {
            sections.append(
                try ReportSection(title: name, face: face, drawings: drawn, encode: DrawingReport.encode))
        }
        photographs.append(photograph.record)
        console.finished(name, photograph.record.face == nil ? ["no face found"] : [])
    }

    private func reported(_ face: Face?, of picture: Bitmap, _ templateScale: Double) throws -> ReportedFace? {
        guard let face, let meshes else { return nil }
        return try ReportedFace(face, of: picture, meshes: meshes, templateScale: templateScale)
    }

    /// What the painter made of the photograph called `name`, brought to its size; `nil` when there is none.
    private func painterPicture(_ name: String, _ style: String, like photograph: Bitmap) throws -> Bitmap? {
        guard let painter else { return nil }
        let stem = name.lastIndex(of: ".").map { String(name[..<$0]) } ?? name
        let candidates = ["\(painter)/\(style)/\(stem).png", "\(painter)/\(stem).png"]
        guard let path = candidates.first(where: { FileStatus($0) != nil }) else { return nil }
        let picture = try PictureFile.load(path).bitmap
        let stretch = Double(picture.width * photograph.height) / Double(picture.height * photograph.width)
        guard abs(stretch - 1) < 0.01 else {
            notes.append("The painter's picture \(path) has not the photograph's proportions and is left out.")
            return nil
        }
        return areaResampled(picture, width: photograph.width, height: photograph.height)
    }
}
