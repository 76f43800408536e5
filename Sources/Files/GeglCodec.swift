import CGegl
import Raster

/// Pictures of any depth through GEGL's file operations.
struct GeglCodec {
    /// Absolute.
    let path: String

    /// Width and height that the loader reports; `nil` when it cannot read the file.
    func size(operation: String) -> (width: Int, height: Int)? {
        Gegl.exclusively {
            guard let graph = gegl_node_new() else { return nil }
            defer { g_object_unref(UnsafeMutableRawPointer(graph)) }
            let box = gegl_node_get_bounding_box(shim_load_node(graph, operation, path))
            return box.width < 1 || box.height < 1 ? nil : (Int(box.width), Int(box.height))
        }.result
    }

    /// - Parameter profile: the file's ICC profile; without one the colours are sRGB, whatever a PNG's `gAMA` chunk says, as in eight bits.
    /// - Returns: `nil` when the file is damaged or in CMYK.
    func decode(operation: String, profile: [UInt8]?) -> LoadedImage? {
        let (image, warnings) = Gegl.exclusively { () -> LoadedImage? in
            guard let graph = gegl_node_new() else { return nil }
            defer { g_object_unref(UnsafeMutableRawPointer(graph)) }
            var buffer: OpaquePointer?
            let source = shim_load_node(graph, operation, path)
            let sink = shim_buffer_sink_node(graph, &buffer)
            gegl_node_link(source, sink)
            gegl_node_process(sink)
            guard let buffer else { return nil }
            defer { g_object_unref(UnsafeMutableRawPointer(buffer)) }
            return Self.image(of: buffer, profile: profile)
        }
        return warnings == 0 ? image : nil
    }

    private static func image(of buffer: OpaquePointer, profile: [UInt8]?) -> LoadedImage? {
        let extent = gegl_buffer_get_extent(buffer).pointee
        guard extent.width > 0, extent.height > 0, let format = gegl_buffer_get_format(buffer) else { return nil }
        // GEGL takes ink coverages for linear light and the picture comes out pale; the caller has a better decoder.
        if String(cString: babl_get_name(babl_format_get_model(format))).lowercased().contains("cmyk") { return nil }
        let alpha = babl_format_has_alpha(format) != 0
        let depth = depth(of: format)
        // The loader's own space, so that nothing is converted twice.
        let raw = Self.format(depth, alpha: alpha, space: babl_format_get_space(format))
        let rowBytes = Int(extent.width) * (alpha ? 4 : 3) * depth.bytes
        let samples = UnsafeMutableRawPointer.allocate(byteCount: rowBytes * Int(extent.height), alignment: 16)
        defer { samples.deallocate() }
        var all = extent
        gegl_buffer_get(buffer, &all, 1, raw, samples, Int32(rowBytes), GEGL_ABYSS_NONE)
        let actual = profile.flatMap(ColourSpace.init(icc:)) ?? .sRGB
        let bitmap = actual.bitmap(samples: samples, stride: rowBytes, width: Int(extent.width), height: Int(extent.height), depth: depth, alpha: alpha)
        return LoadedImage(bitmap: bitmap, traits: PictureTraits(hasAlpha: alpha, depth: depth, iccProfile: profile))
    }

    /// Gamma-encoded, straight alpha.
    private static func format(_ depth: SampleDepth, alpha: Bool, space: OpaquePointer?) -> OpaquePointer? {
        babl_format_with_space("\(alpha ? "R'G'B'A" : "R'G'B'") \(depth.rawValue)", space)
    }

    private static func depth(of format: OpaquePointer) -> SampleDepth {
        switch String(cString: babl_get_name(babl_format_get_type(format, 0))) {
        case "u8": return .u8
        case "u16": return .u16
        default: return .float
        }
    }

    /// Writes `picture` as samples of `depth` in `space`.
    /// - Parameter option: an integer property of the saver.
    /// - Returns: whether the saver reported no trouble.
    func encode(_ picture: Bitmap, operation: String, option: (name: String, value: Int)?, space: ColourSpace, depth: SampleDepth, alpha: Bool) -> Bool {
        let rowBytes = picture.width * (alpha ? 4 : 3) * depth.bytes
        let samples = UnsafeMutableRawPointer.allocate(byteCount: rowBytes * picture.height, alignment: 16)
        defer { samples.deallocate() }
        space.write(picture, to: samples, stride: rowBytes, depth: depth, alpha: alpha)
        let (saved, warnings) = Gegl.exclusively { () -> Bool in
            var extent = GeglRectangle(x: 0, y: 0, width: Int32(picture.width), height: Int32(picture.height))
            // GEGL is told sRGB whatever the space is, so that the saver changes nothing; the caller puts in the profile.
            let raw = Self.format(depth, alpha: alpha, space: babl_space("sRGB"))
            guard let graph = gegl_node_new(), let buffer = gegl_buffer_new(&extent, raw) else { return false }
            defer {
                g_object_unref(UnsafeMutableRawPointer(graph))
                g_object_unref(UnsafeMutableRawPointer(buffer))
            }
            gegl_buffer_set(buffer, &extent, 0, raw, samples, Int32(rowBytes))
            let source = shim_buffer_source_node(graph, buffer)
            let saver = option.map { shim_save_node_with_integer(graph, operation, path, $0.name, Int32($0.value)) }
                ?? shim_save_node(graph, operation, path)
            gegl_node_link(source, saver)
            gegl_node_process(saver)
            return true
        }
        return saved && warnings == 0
    }
}
