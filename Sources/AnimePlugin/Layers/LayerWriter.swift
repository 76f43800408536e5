import CGimp
import Drawing
import Raster
import Settings

/// Puts a drawing into the image as a new layer or group above its source.
///
/// Its pixels are written once, band by band, into layers of a staging image that GIMP does not show; what is handed
/// over from there shares them. They are mixed with what is below in perceptual numbers, as the drawing's own strength
/// is. The drawing of a layer that is itself mixed with what is below, by its opacity or mode, is mixed in the same way
/// and takes its place: the layer is hidden then. Where the photograph shows through, both are in a group of their own.
struct LayerWriter {
    let source: SourceLayer
    /// How much of each pixel is selected; `nil` for all. The selection of a plain layer is worked into its alpha,
    /// which gives what `host_drawable_merge_shadow` would.
    let selection: CoverageFile?
    let name: String
    /// Opacity of layers that hold the drawing at full strength, 0…100.
    let strength: Double
    /// The drawing whose place this one takes: it is laid over it, and it is hidden; `nil` lays it over its source.
    var earlier: gint32?
    let progress: BandProgress

    /// What is put in, from the bottom.
    private struct Content {
        let sheets: [Sheet]
        let isGroup: Bool
        let mask: Mask
        let opacity: Double

        /// Whether the photograph has to be seen through it.
        var needsPhotograph: Bool {
            if case .ofSource = mask { return false }
            return true
        }
    }

    private enum Mask {
        case none, ofSource
        case values(CoverageFile)
    }

    /// - Returns: the new layer or group, at its source's place.
    /// - Throws: `PlugInError`, `StyleError.noTemporaryRoom`; the image is unchanged then.
    func add(_ drawing: Drawing, as output: OutputMode) throws -> gint32 {
        let staging = try StagingImage(for: source.image, width: source.width, height: source.height)
        defer { staging.delete() }
        return try add(drawing, as: output, through: staging)
    }

    /// Its sheets are gone when it returns, before the staging image is.
    private func add(_ drawing: Drawing, as output: OutputMode, through staging: StagingImage) throws -> gint32 {
        let encoding = try PixelEncoding(image: source.image)
        progress.start()
        let content =
            switch output {
            case .newLayer, .replace: try picture(drawing, staging, encoding)
            case .maskedLayer: try overlay(drawing, staging, encoding)
            case .layerGroup: try layers(drawing, staging, encoding)
            }
        return try handOver(content, staging)
    }

    private func picture(_ drawing: Drawing, _ staging: StagingImage, _ encoding: PixelEncoding) throws -> Content {
        let sheet = try Sheet(name, in: staging, like: source)
        try drawing.forEachBandOfPicture { first, _, band in
            try progress.write(first) {
                var band = band
                if let selection {
                    let selected = try selection.read(rows: first..<first + band.height)
                    band.setAlpha { $0.w * selected[$1] }
                }
                encoding.encode(&band)
                sheet.write(band, firstRow: first, encoding)
            }
        }
        return Content(sheets: [sheet], isGroup: false, mask: .ofSource, opacity: 100)
    }

    private func overlay(_ drawing: Drawing, _ staging: StagingImage, _ encoding: PixelEncoding) throws -> Content {
        let sheet = try Sheet(name, in: staging, like: source), mask = try CoverageFile(width: source.width)
        try source.withMask { ownMask in
            try drawing.forEachBandOfOverlay { first, photograph, band in
                try progress.write(first) {
                    try mask.write(coverage(band, first, ownMask), firstRow: first)
                    var band = band
                    band.setAlpha { photograph.pixels[$1].w }
                    encoding.encode(&band)
                    sheet.write(band, firstRow: first, encoding)
                }
            }
        }
        return Content(sheets: [sheet], isGroup: false, mask: .values(mask), opacity: strength)
    }

    /// Colour and, where there are any, the lines over it.
    private func layers(_ drawing: Drawing, _ staging: StagingImage, _ encoding: PixelEncoding) throws -> Content {
        // What was separated in the image's own numbers has to be mixed in them.
        let space = encoding.isLinear ? GIMP_LAYER_COLOR_SPACE_RGB_LINEAR : host_encoded_space()
        let colour = try Sheet(tr("Color"), in: staging, like: source, mixedIn: space)
        let lines = try Sheet(tr("Lines"), in: staging, like: source, mixedIn: space)
        let mask = try CoverageFile(width: source.width)
        var (hasLines, isMasked) = (false, false)
        try source.withMask { ownMask in
            try drawing.forEachBandOfLayers { first, photograph, band in
                try progress.write(first) {
                    let values = try coverage(band.drawing, first, ownMask)
                    isMasked = isMasked || values.contains { $0 < 1 }
                    hasLines = hasLines || band.flat.pixels.contains { $0.w > 0 }
                    try mask.write(values, firstRow: first)
                    var (flat, drawing) = (band.flat, band.drawing)
                    encoding.encode(&flat)
                    encoding.encode(&drawing)
                    LineSeparation.separate(flat: &flat, drawing: &drawing, alpha: photograph)
                    colour.write(flat, firstRow: first, encoding)
                    lines.write(drawing, firstRow: first, encoding)
                }
            }
        }
        return Content(
            sheets: hasLines ? [colour, lines] : [colour], isGroup: true, mask: isMasked ? .values(mask) : .none,
            opacity: strength)
    }

    /// How much of a band of the drawing counts: where it was drawn, what is selected, and what the source's own mask
    /// shows.
    private func coverage(_ drawing: Bitmap, _ first: Int, _ mask: OpaquePointer?) throws -> [Float] {
        let rows = first..<first + drawing.height
        var result = drawing.pixels.map { $0.w }
        func multiply(_ values: [Float]) { for index in result.indices { result[index] *= values[index] } }
        if let selection { multiply(try selection.read(rows: rows)) }
        if let mask { multiply(PixelBands.readCoverage(mask, rows: rows, width: source.width)) }
        return result
    }

    private func handOver(_ content: Content, _ staging: StagingImage) throws -> gint32 {
        // A part of the drawing lies over its photograph, and both together are mixed with what is below.
        let isFramed = source.isBlended && content.needsPhotograph
        let frame = isFramed ? try staging.addGroup() : -1
        if isFramed { try addPhotograph(to: frame, staging) }
        var top = content.isGroup ? try staging.addGroup(to: frame) : -1
        for sheet in content.sheets {
            let layer = sheet.finish()
            try staging.insert(layer, into: content.isGroup ? top : frame, at: source.offsets)
            sheet.isInserted = true
            if !content.isGroup { top = layer }
        }
        if source.isBlended, !isFramed {
            host_layer_copy_blending(top, source.id)
        } else {
            host_layer_set_mode(top, host_image_get_default_new_layer_mode(source.image))
            host_layer_set_composite_space(top, GIMP_LAYER_COLOR_SPACE_RGB_PERCEPTUAL)
            host_layer_set_opacity(top, content.opacity)
        }
        try add(content.mask, to: top)
        if isFramed {
            host_item_set_name(top, name)
            host_layer_copy_blending(frame, source.id)
            top = frame
        }
        DrawingOrigin.note(source, on: top)
        let hidden = (source.isBlended ? [source.id] : []) + (earlier.map { [$0] } ?? [])
        return try staging.handOver(top, named: name, above: earlier ?? source.id, hiding: hidden)
    }

    private func addPhotograph(to frame: gint32, _ staging: StagingImage) throws {
        let copy = try staging.add(source.id, named: source.name, to: frame, at: source.offsets)
        host_layer_set_mode(copy, host_image_get_default_new_layer_mode(source.image))
        host_layer_set_opacity(copy, 100)
        host_item_set_visible(copy, 1)
    }

    private func add(_ mask: Mask, to layer: gint32) throws {
        let original = host_layer_get_mask(source.id)
        switch mask {
        case .none: return
        case .ofSource where original == -1: return
        case .ofSource, .values: break
        }
        let added = host_layer_create_mask(layer, GIMP_ADD_MASK_WHITE)
        guard added != -1, host_layer_add_mask(layer, added) != 0 else { throw PlugInError.layerNotAdded }
        try withBuffer(of: added) { buffer in
            if case let .values(file) = mask {
                for rows in PixelBands.rows(width: source.width, height: source.height) {
                    PixelBands.writeCoverage(try file.read(rows: rows), rows: rows, width: source.width, to: buffer)
                }
            } else {
                try withBuffer(of: original) { gegl_buffer_copy($0, nil, GEGL_ABYSS_NONE, buffer, nil) }
                host_layer_set_apply_mask(layer, host_layer_get_apply_mask(source.id))
            }
            gegl_buffer_flush(buffer)
        }
    }
}

/// A layer of a staging image that is filled before it is put into it; it goes with this object if it never is.
private final class Sheet {
    private let layer: gint32
    private let layout: BufferLayout
    private var buffer: OpaquePointer?
    /// Belongs to the staging image from then on.
    var isInserted = false

    /// - Throws: `PlugInError.layerNotAdded`.
    init(
        _ name: String, in staging: StagingImage, like source: SourceLayer,
        mixedIn space: GimpLayerColorSpace = GIMP_LAYER_COLOR_SPACE_RGB_PERCEPTUAL
    ) throws {
        layer = try staging.newLayer(
            named: name, width: source.width, height: source.height,
            mode: host_image_get_default_new_layer_mode(source.image))
        host_layer_set_composite_space(layer, space)
        guard let buffer = host_drawable_get_buffer(layer) else {
            host_item_delete(layer)
            throw PlugInError.layerNotAdded
        }
        (self.buffer, layout) = (buffer, BufferLayout(of: buffer))
    }

    deinit {
        close()
        if !isInserted { host_item_delete(layer) }
    }

    /// - Parameter band: in the image's own numbers.
    func write(_ band: Bitmap, firstRow: Int, _ encoding: PixelEncoding) {
        if let buffer { encoding.store(band, firstRow: firstRow, in: buffer, layout) }
    }

    /// Sends what is left to GIMP.
    /// - Returns: the layer.
    func finish() -> gint32 {
        if let buffer { gegl_buffer_flush(buffer) }
        close()
        return layer
    }

    private func close() {
        if let buffer { unref(buffer) }
        buffer = nil
    }
}

private extension Bitmap {
    /// - Parameter alpha: told a pixel and its index.
    mutating func setAlpha(_ alpha: @Sendable (SIMD4<Float>, Int) -> Float) {
        let columns = width
        forEachRow { y, row in
            for x in row.indices { row[x].w = alpha(row[x], y * columns + x) }
        }
    }
}
